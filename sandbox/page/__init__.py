"""The page on which a workspace and its classrooms can be looked at and acted in."""

from sandbox.page.scene import PlayBill, Room, Scene, SteerableClock, Visitor
from sandbox.page.server import Page

__all__ = ["Page", "PlayBill", "Room", "Scene", "SteerableClock", "Visitor"]
