"""The courses of a workspace and the rooms they meet in."""
