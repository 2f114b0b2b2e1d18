"""Signing in: password, second factor, passkeys, sign-on by OpenID Connect, sessions."""
