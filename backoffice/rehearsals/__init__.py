"""Trying a recorded bot on a few waiting records, up to where it would register; which of tonight's would not fit."""
