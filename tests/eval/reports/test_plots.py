import xml.etree.ElementTree as ET

from wherefrom.eval.reports.plots import Axis, Line, plot

AXIS = Axis(name="x < y", low=0, high=1)


def test_a_plot_with_special_characters_is_well_formed() -> None:
    drawn = plot("a & b", AXIS, AXIS, [Line(name="<mine>", x=[0, 1], y=[0, 1])])
    texts = [element.text for element in ET.fromstring(drawn).iter() if element.text]  # noqa: S314 - our own
    assert {"a & b", "<mine>", "x < y"} <= set(texts)


def test_points_are_between_the_axes_and_higher_values_are_above() -> None:
    drawn = plot("t", AXIS, AXIS, [Line(name="n", x=[0, 1], y=[0, 1], dots=True)])
    (low, high) = ET.fromstring(drawn).iter("circle")  # noqa: S314
    assert float(low.attrib["cx"]) < float(high.attrib["cx"])
    assert float(low.attrib["cy"]) > float(high.attrib["cy"])


def test_a_line_with_intervals_has_a_band() -> None:
    line = Line(name="n", x=[0, 1], y=[0.5, 0.6], low=[0.4, 0.5], high=[0.6, 0.7])
    assert "<polygon" in plot("t", AXIS, AXIS, [line])
