"""What one check of `rollcall doctor` found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line; without a remedy all is well."""

    check: str
    found: str
    remedy: str = ""

    @property
    def is_well(self) -> bool:
        return not self.remedy

    def __str__(self) -> str:
        mark = "ok  " if self.is_well else "FIX "
        return f"{mark}{self.check:<10}{self.found}{'' if self.is_well else ' → ' + self.remedy}"
