"""Approved projects (立项项目): the one id that links everything from here on."""
