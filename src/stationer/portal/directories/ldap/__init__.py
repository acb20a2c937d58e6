"""Directories that speak LDAP (RFC 4511): Active Directory, OpenLDAP and their kin, by ldap3."""
