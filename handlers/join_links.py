"""Personal links, `/join/{token}`: what a token says is signed, not secret, and is good for one way into one course."""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import jwt

from handlers.keys import Keys
from storage.join_links import JoinPlace

PATH = "/join/"
#: characters; ours have about 200
LONGEST_TOKEN = 1000


@dataclass(slots=True)
class JoinLinks:
    """Makes personal links and reads their tokens again.

    Without `public_url` nobody outside could follow one: then there are only the courses' own links.
    """

    keys: Keys
    public_url: str = ""

    def listening_at(self, url: str) -> None:
        """Port 0 in the public URL stands for the one at which we listen now, which the machine chose."""
        public = urlsplit(self.public_url)
        if public.port == 0:
            here = public._replace(netloc=f"{public.hostname}:{urlsplit(url).port}")
            self.public_url = urlunsplit(here)

    def instead_of(self, join_url: str, place: JoinPlace | None) -> str:
        """The personal link of who is enrolled; where there can be none, the link of the course as it is."""
        if not (self.public_url and join_url) or place is None:
            return join_url
        return f"{self.public_url.rstrip('/')}{PATH}{self.token(place)}"

    def token(self, place: JoinPlace) -> str:
        """It never ends by itself: the enrolment does, and the generation."""
        claims = {"course": place.course_id, "person": place.person_id, "generation": place.generation}
        return jwt.encode(claims, self.keys.join_links[0], algorithm="HS256")

    def read(self, token: str) -> JoinPlace | None:
        """What a token stands for; None for one that no key of ours signed."""
        for key in self.keys.join_links if len(token) <= LONGEST_TOKEN else ():
            try:
                claims = jwt.decode(token, key, algorithms=["HS256"])
            except (jwt.InvalidTokenError, ValueError):
                continue
            return _place(claims.get("course"), claims.get("person"), claims.get("generation"))
        return None


def _place(course: object, person: object, generation: object) -> JoinPlace | None:
    if isinstance(course, str) and isinstance(person, str) and isinstance(generation, int):
        return JoinPlace(course_id=course, person_id=person, generation=generation)
    return None
