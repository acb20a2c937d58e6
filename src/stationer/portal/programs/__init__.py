"""What programs are promised of the API as a whole: a deed once, how often they may ask, and what it says of itself."""
