"""Several rooms at once, on real servers. docs/trials.md says what each journey shows and how to run one."""
