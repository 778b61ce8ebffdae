"""What the bench says: an even mix of the first journeys, answered by rules and by actions."""

MIX = (
    "我的订单到哪了",
    "hi",
    "where is my parcel",
    "退货要自己出运费吗",
    "how long does delivery take",
    "谢谢",
    "any update on my order",
    "几天能到",
    "what is your return policy",
    "在吗",
)
