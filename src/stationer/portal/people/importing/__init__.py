"""People from a file: read, checked line by line, shown, and put in place by one transaction that can be undone.

`files` tells encoding and delimiter, `columns` what each column is, `reading` what a line says, `staging` what it
would change, `swap` changes it, `undoing` takes it back, `work` is what a worker does of it.
"""
