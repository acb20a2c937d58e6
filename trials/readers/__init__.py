"""How a stamped mail looks where it is read: in Thunderbird and in Roundcube. `python -m trials.readers` makes
pictures of it into var/shots/readers; the trials here look into the readers' own documents."""
