"""`python -m stationer` is the `stationer` command."""

from stationer.cli.main import main

raise SystemExit(main())
