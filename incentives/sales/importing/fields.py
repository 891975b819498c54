"""The columns of sales files by the names that exports give them, and the words in them that need no asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from incentives.core.errors import say
from incentives.exchange.interface import Field, Kind
from incentives.sales.models import Category

FIELDS: Sequence[Field] = (
    Field("document", say("Document"), required=True, longest=60, example="XS20261103001",
          names=("单据号", "单据编号", "工单号", "结算单号", "订单号", "订单编号", "销售单号", "出库单号", "单号", "流水号", "发票号",
                 "order id", "order no", "order number", "order", "invoice", "invoice no", "invoice number", "invoice id",
                 "transaction id", "sale id", "document no", "document number", "receipt", "receipt no", "work order")),
    Field("line", say("Line"), Kind.WHOLE, example="1", negative=False,
          names=("行号", "明细行号", "项次", "明细序号", "line no", "line number", "line item", "order line number", "item no")),
    Field("day", say("Day of the sale"), required=True, longest=40, example="2026-11-03",
          names=("日期", "结算日期", "结算时间", "开单日期", "销售日期", "销售时间", "业务日期", "单据日期", "交易日期", "出库日期",
                 "下单日期", "下单时间", "order date", "orderdate", "date", "sale date", "sales date", "invoice date",
                 "transaction date", "settlement date", "date of sale", "purchase date")),
    Field("product_code", say("Product code"), longest=60, example="JP-0012",
          names=("商品编码", "商品编号", "商品代码", "项目编码", "项目代码", "配件编码", "配件编号", "产品编码", "物料编码", "货号",
                 "product id", "product code", "sku", "item code", "item id", "item number", "stock code", "part number")),
    Field("product", say("Product"), example="全车隔热膜",
          names=("商品名称", "项目名称", "配件名称", "产品名称", "精品名称", "品名", "名称", "商品", "产品", "项目",
                 "product name", "product", "item", "item name", "item description", "product description", "description")),
    Field("category", say("Category"), longest=60, example="精品",
          names=("类别", "分类", "类型", "商品类别", "商品分类", "项目类别", "项目类型", "产品类别", "业务类型", "大类", "品类",
                 "category", "product category", "product line", "product type", "item type")),
    Field("subcategory", say("Finer category"), longest=60,
          names=("子类", "子类别", "小类", "二级分类", "细类", "sub-category", "product sub-category")),
    Field("campaign", say("Campaign"), longest=40,
          names=("活动", "活动编码", "活动编号", "活动名称", "促销", "促销活动", "campaign", "promotion", "promo code")),
    Field("quantity", say("Quantity"), Kind.QUANTITY, example="1",
          names=("数量", "销售数量", "件数", "工时", "qty", "quantity", "units", "units sold", "order quantity",
                 "quantity ordered", "quantity sold", "unit sold")),
    Field("list_price", say("List price of one"), Kind.QUANTITY, negative=False, example="1580",
          names=("标价", "零售价", "原价", "指导价", "市场价", "吊牌价", "list price", "retail price", "msrp", "catalogue price")),
    Field("unit_price", say("Price of one"), Kind.QUANTITY, negative=False,
          names=("单价", "销售单价", "成交单价", "实际单价", "售价", "unit price", "price", "price each", "price per unit", "selling price")),
    Field("discount", say("Discount"), longest=20,
          names=("折扣", "折扣率", "优惠率", "优惠比例", "discount", "discount rate", "discount %", "discount percent", "discount applied")),
    Field("received", say("Received in all"), Kind.QUANTITY, example="1280",
          names=("实收", "实收金额", "实收合计", "实收款", "成交金额", "成交额", "销售额", "销售金额", "收款金额", "结算金额", "金额",
                 "金额合计", "含税金额", "sales", "amount", "total", "total price", "total amount", "revenue", "line total",
                 "net amount", "net sales", "sales amount", "total sales", "total revenue", "sale amount", "extended price")),
    Field("cost", say("Cost in all"), Kind.QUANTITY,
          names=("成本", "成本金额", "成本合计", "总成本", "cost", "total cost", "cogs", "cost amount")),
    Field("unit_cost", say("Cost of one"), Kind.QUANTITY, negative=False,
          names=("成本单价", "成本价", "进价", "进货价", "unit cost", "cost price", "cost per unit")),
    Field("profit", say("Profit"), Kind.QUANTITY, names=("毛利", "利润", "毛利额", "profit", "gross profit", "margin amount")),
    Field("plate", say("Number plate"), longest=20, example="粤A12345",
          names=("车牌号", "车牌", "车牌号码", "车号", "license plate", "licence plate", "plate", "plate number", "registration no")),
    Field("status", say("Sale or return"), longest=60,
          names=("状态", "单据状态", "订单状态", "是否退货", "退货", "退货标志", "退货标识", "销售类型", "单据类型", "交易类型",
                 "returned", "return", "return status", "is returned", "is return", "returned?", "order status", "status",
                 "return flag", "transaction type")),
    Field("returns", say("Document that is taken back"), longest=60,
          names=("退货原单号", "原单号", "原单据号", "原订单号", "原销售单号", "原始单号", "关联单号", "returned order", "original order",
                 "original order id", "original invoice", "return of", "original document", "reference order")),
    Field("returns_line", say("Line that is taken back"), Kind.WHOLE, negative=False,
          names=("原行号", "原单行号", "original line", "original line number")),
    Field("return_day", say("Day of the return"), longest=40, names=("退货日期", "退货时间", "return date", "returned date", "date returned")),
    Field("seller", say("seller"), longest=200, example="林小雨",
          names=("销售员", "销售顾问", "销售人员", "销售人", "业务员", "业务人员", "提成人", "提成人员", "导购", "导购员", "销售代表",
                 "续保专员", "sales rep", "salesrep", "sales rep name", "sales representative", "salesperson", "sales person",
                 "sales person name", "salesman", "seller", "sold by", "rep", "rep name", "employee", "employee name", "agent",
                 "sales agent", "consultant", "sales executive", "account manager", "sales consultant", "sales associate")),
    Field("seller_number", say("Number of the seller"), longest=40,
          names=("工号", "员工号", "员工编号", "销售员工号", "业务员工号", "业务员编号", "sales rep id", "salesperson id", "employee id",
                 "employee number", "rep id", "seller id", "agent id")),
    Field("adviser", say("service adviser"), longest=200,
          names=("服务顾问", "接待", "接待员", "接待人", "接车人", "前台", "service advisor", "service adviser", "advisor", "adviser")),
    Field("fitter", say("fitter"), longest=200,
          names=("施工", "施工人", "施工人员", "施工技师", "安装技师", "安装人", "安装人员", "技师", "维修技师", "维修工", "主修人", "主修",
                 "technician", "installer", "mechanic", "fitted by", "installed by")),
    Field("introducer", say("introducer"), longest=200, names=("介绍人", "推荐人", "引荐人", "referrer", "referred by", "introduced by")),
    Field("rate", say("Commission rate"), longest=20,
          names=("提成比例", "提成率", "提成点数", "佣金比例", "佣金率", "commission rate", "commission %", "commission percent",
                 "commission percentage", "comm rate")),
)  # fmt: skip

_WORDS: Mapping[Category, Sequence[str]] = {
    Category.ACCESSORIES: ("精品", "精品销售", "装饰", "装潢", "加装", "加装精品", "用品", "汽车用品", "accessory", "accessories"),
    Category.CARE_PRODUCTS: ("养护品", "养护", "养护产品", "保养品", "深化养护", "深度养护", "care product", "care products", "care"),
    Category.PARTS: ("配件", "零件", "零配件", "备件", "材料", "材料费", "配件费", "part", "parts", "spare parts"),
    Category.LABOUR: ("工时", "工时费", "人工", "维修工时", "机电工时", "钣喷工时", "labour", "labor"),
    Category.INSURANCE_LABOUR: ("事故工时", "保险工时", "理赔工时", "insurance labour", "insurance labor"),
    Category.RENEWALS: ("续保", "保险续保", "车险续保", "renewal", "renewals", "insurance renewal"),
    Category.INSURANCE_REFERRALS: ("新保", "新车保险", "新车投保", "保险推荐", "insurance referral", "insurance referrals", "new-car insurance"),
    Category.OTHER: ("其他", "其它", "other", "others", "other sales"),
}  # fmt: skip

CATEGORY_WORDS: Mapping[str, Category] = {
    word: category for category, words in _WORDS.items() for word in (category.value, *words)
}
"""What the usual words of a category column mean, in lower case. Others are asked about once."""

SALE, RETURN, LEAVE_OUT = "sale", "return", "leave_out"

STATUS_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("", "no", "n", "false", "0", "否", "未退", "未退货", "正常", "销售", "销售出库", "销售单", "已结算", "已完成",
                     "完成", "已收款", "已出库", "sale", "sold", "completed", "complete", "shipped", "delivered", "paid", "closed",
                     "not returned", "invoice", "order"), SALE),
    **dict.fromkeys(("yes", "y", "true", "1", "是", "退", "退货", "已退", "已退货", "退货单", "退款", "已退款", "销售退货", "退货入库",
                     "return", "returned", "refund", "refunded", "credit", "credit note", "credit memo"), RETURN),
    **dict.fromkeys(("作废", "已作废", "取消", "已取消", "已撤销", "草稿", "cancelled", "canceled", "void", "voided", "draft"), LEAVE_OUT),
}  # fmt: skip
"""What the usual words of a status column mean, in lower case. Others are asked about once."""
