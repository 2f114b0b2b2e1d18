"""Fits the weights and calibrations of `scanstraat.extractors` on labelled documents; never needed at run time."""
