"""What tests of figures share: figures of the results made by hand, and what can be seen of a drawn one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from npcstats.analyses.accrual.displays import AccrualCourse
from npcstats.analyses.biomarker.displays import MarkerCourses
from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.analyses.toxicity.displays import ToxicityDots
from npcstats.display.specs import Figure as DisplayFigure
from npcstats.results import Results, Row

FIGURES: dict[str, DisplayFigure] = {
    "accrual": AccrualCourse(name="accrual", title="Enrolled.", analysis="accrual", sessions=("open",), width="full",
                             x_label="Months since the first day"),
    "os": KaplanMeier(name="os", title="Survival.", analysis="os", sessions=("final",), width="full",
                      x_label="Months since start of radiotherapy"),
    "ae": ToxicityDots(name="ae", title="Events.", analysis="ae-acute", sessions=("open",), width="full",
                       level="grade>=3", window="acute"),
    "markers": MarkerCourses(name="markers", title="Markers.", analysis="biomarkers", sessions=("final",),
                             width="full"),
}  # fmt: skip
"""A figure of the results made by hand, of each kind that has one."""
MILLIMETRES = {"full": 180.0, "column": 85.0}


def renamed(results: Results, first: str, second: str) -> Results:
    """The same results with other words for the arms."""
    return Results(results.rows, replace(results.catalogue, arms={"A": first, "B": second}))


def with_gid(figure: Figure, gid: str) -> list[Artist]:
    return [artist for artist in figure.findobj(lambda a: a.get_gid() == gid) if isinstance(artist, Artist)]


def line(figure: Figure, gid: str) -> Line2D:
    (found,) = with_gid(figure, gid)
    assert isinstance(found, Line2D)
    return found


def drawn_points(figure: Figure, gid: str) -> np.ndarray:
    found: np.ndarray = np.asarray(line(figure, gid).get_xydata(), dtype=float)
    return found


def values(rows: Iterable[Row]) -> list[float]:
    return [row.value for row in rows]


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every visible text and the room it takes, in pixels."""
    figure.canvas.draw()
    texts = [t for t in figure.findobj(Text) if isinstance(t, Text) and t.get_visible() and t.get_text().strip()]
    shown = [t for t in texts if not is_hidden(t)]
    return [(text.get_text(), text.get_window_extent()) for text in shown]


def is_hidden(text: Text) -> bool:
    return (
        text.axes is not None and (not text.axes.axison or not text.axes.get_visible()) and text not in text.axes.texts
    )


def assert_nothing_is_cut_off(figure: Figure) -> None:
    width, height = figure.bbox.width, figure.bbox.height
    outside = [
        words for words, box in boxes(figure)
        if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > width + 0.5 or box.y1 > height + 0.5
    ]  # fmt: skip
    assert not outside


def assert_no_words_collide(figure: Figure) -> None:
    found = boxes(figure)
    for i, (words, box) in enumerate(found):
        for other, room in found[i + 1 :]:
            width = min(box.x1, room.x1) - max(box.x0, room.x0)
            height = min(box.y1, room.y1) - max(box.y0, room.y0)
            assert width <= 0.5 or height <= 1.5, (words, other)


def names_of(axes: Axes) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in axes.get_yticklabels()]


def by_gid(figure: Figure, gid: str) -> Artist:
    (found,) = figure.findobj(lambda artist: artist.get_gid() == gid)
    assert isinstance(found, Artist)
    return found


def points(figure: Figure, gid: str) -> list[list[float]]:
    line = by_gid(figure, gid)
    assert isinstance(line, Line2D)
    found: list[list[float]] = np.asarray(line.get_xydata(), dtype=float).tolist()
    return found


def texts(figure: Figure) -> list[Text]:
    figure.canvas.draw()
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text().strip()]
    return [text for text in found if text.get_visible()]


def assert_readable(figure: Figure) -> None:
    """No words are cut off, and none touch each other."""
    found = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    for words, box in found:
        inside = box.x0 > -1 and box.y0 > -1 and box.x1 < figure.bbox.width + 1 and box.y1 < figure.bbox.height + 1
        assert inside, words
    for (words, box), (other, room) in combinations(found, 2):
        width = min(box.x1, room.x1) - max(box.x0, room.x0)
        height = min(box.y1, room.y1) - max(box.y0, room.y0)
        assert width <= 0.5 or height <= 1.5, (words, other)
