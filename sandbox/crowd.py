"""People by the dozen: made-up names in many scripts, the same ones each time."""

from collections.abc import Iterator
from itertools import count

NAMES = (
    ("Anna Björn Céline Dag Élodie Flávio Gonçalo Håkan İpek Jürgen Kateřina Łukasz",
     "Ångström Brandão Çelik Dvořák Esposito Fernández Grün Høeg Ionescu Jensen Kovács Lefèvre"),
    ("Анна Борис Вера Галина Денис Елена Жанна Зоя Иван Кирилл Лидия Максим",
     "Абрамов Белый Власенко Гончар Демченко Ефремов Жук Зайченко Исаев Ким Левченко Мороз"),
    ("أحمد بسمة تامر جميلة حسن خديجة دانة رامي زينب سعيد شيماء طارق",
     "البدري التميمي الجابري الحداد الخطيب الدوري الراوي الزهراني السالم الشامي الصباغ الطيب"),
    ("伟 芳 娜 敏 静 丽 强 磊 洋 艳 勇 杰",
     "王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙"),
    ("Αγγελική Βασίλης Γεωργία Δημήτρης Ελένη Ζωή Ηλίας Θανάσης Ιωάννα Κώστας Λίνα Μαρία",
     "Αλεξίου Βλάχος Γεωργίου Δήμου Ευσταθίου Ζέρβας Ηλιάδης Θεοδώρου Ιωάννου Καραγιάννη Λαμπρου Μακρή"),
    ("आरव इशा कविता गौरव चेतन जया तनुज दीपा नेहा पूजा भरत मीरा",
     "अग्रवाल बंसल चौहान दास गुप्ता ईश्वर जोशी कपूर मेहता नायर पटेल राव"),
    ("Aoife Ben Chidi Dara Esi Femi Gwen Hana Imani Jo Kwame Lwazi",
     "Adeyemi Brown Chukwu Dlamini Evans Finn Gallagher Hughes Igwe Jones Khumalo Lewis"),
)  # fmt: skip
"""Given names and family names, a dozen each, script by script."""

FAMILY_FIRST = frozenset({3})
A_DOZEN = 12
MOST = len(NAMES) * A_DOZEN * A_DOZEN
"""So many people can be told apart by their names."""


def names() -> Iterator[str]:
    """`MOST` names, no two of them the same; neighbours are of different scripts."""
    for number in count():
        turn, script = divmod(number, len(NAMES))
        if turn == A_DOZEN * A_DOZEN:
            return
        given, family = (kind.split() for kind in NAMES[script])
        pair = (given[turn % A_DOZEN], family[(turn + turn // A_DOZEN) % A_DOZEN])
        yield "".join(reversed(pair)) if script in FAMILY_FIRST else " ".join(pair)
