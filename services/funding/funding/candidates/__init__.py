"""What review proposes for support (拟立项): own copies of applications and of the decisions on them."""
