"""The trial: somebody's own letterhead and campaign on one mail to themselves, before there is a company
(contract/trial.md)."""
