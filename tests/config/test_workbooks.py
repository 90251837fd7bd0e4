"""Workbooks are read by the parser that refuses entities, whatever else is installed."""

import openpyxl.xml


def test_openpyxl_reads_with_defusedxml() -> None:
    assert (openpyxl.xml.LXML, openpyxl.xml.DEFUSEDXML) == (False, True)
