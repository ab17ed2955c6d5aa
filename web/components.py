"""All components of the pages on one page, for whoever builds pages: what stands here is all there is."""

from __future__ import annotations

from flask import Blueprint, render_template

from broadcaster.words import Sentence
from web.form import BulletinForm

pages = Blueprint("components", __name__)


@pages.get("/components")
def page() -> str:
    """Show every component, alive."""
    wrong = BulletinForm(title="", troubles={"title": Sentence("Give the bulletin a name, such as: Vaccination.")})
    return render_template("components/page.html", form=wrong)
