from tests.demo.fixtures import demo_mail

__all__ = ["demo_mail"]
