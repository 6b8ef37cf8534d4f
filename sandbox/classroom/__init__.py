"""Rooms on video platforms that tell the outside by signed webhooks who comes and goes."""
