"""The words on every wire and in every journal: msgspec structs. contract/schemas is made from them."""
