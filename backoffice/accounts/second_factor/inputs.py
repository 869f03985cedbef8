"""What do people and their browsers send to the pages of the second factor?"""

from typing import Annotated

from fastapi import Form
from pydantic import BaseModel


class CodeForm(BaseModel):
    code: str = ""
    next: str = "/"


class KeyForm(BaseModel):
    answer: str = ""
    """What the key said, as JSON: written by the page's script."""
    name: str = ""
    next: str = "/"


CodeInput = Annotated[CodeForm, Form()]
KeyInput = Annotated[KeyForm, Form()]
