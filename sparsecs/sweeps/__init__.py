"""Repeated trials. This room knows coins, not sensing: a trial is anything that succeeds or fails."""
