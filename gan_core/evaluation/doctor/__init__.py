"""The doctor: says in one line whether a run is healthy, what was seen, and what to do.

`evidence` gathers what is known about a run, `rules` are the findings in the order of their gravity, `thresholds` is
the table of their limits. A later rule is one more function in `rules`. Imports no torch.
"""
