"""Directories: people and groups as a company's own directory has them, and every change of it.

`told` is what a directory says, `nesting` who is in which group, `transforms` what becomes of an attribute: pure.
`taking` writes it down as an import, `staging` looks at it, `deciding` says whether it goes on, `hearing` keeps who is
whom, `working` is what the worker does. `ldap` reads one kind of directory.
"""
