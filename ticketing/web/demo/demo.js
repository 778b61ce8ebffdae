/**
 * The demo shop: who is shopping, what they can try, what is on the shelf.
 *
 * It stands where a merchant's page stands: it tells the chat who is signed in through
 * `frontdesk.setUser(token)`, and nothing else.
 */
(() => {
	"use strict";
	const frontdesk = (...call) => (window.frontdesk ||= []).push(call);
	const SAVED = "lantern-lane:shopper";
	const GUEST = null;

	const WORDS = {
		guest: { en: "Guest", zh: "访客" },
		order: { en: "Order", zh: "订单号" },
		phone: { en: "Phone ends in", zh: "手机尾号" },
		email: { en: "E-mail", zh: "邮箱" },
		tracking: { en: "Parcel", zh: "运单号" },
		copy: { en: "Copy", zh: "复制" },
		copied: { en: "Copied: {text}", zh: "已复制：{text}" },
		signedIn: { en: "Signed in as {name}", zh: "已登录：{name}" },
		anonymous: {
			en: "Not signed in. Prove an order is yours, for example {name}'s",
			zh: "未登录。可用订单信息验证身份，例如{name}的订单",
		},
		whereOrder: { en: "Where is my order {order}?", zh: "我的订单 {order} 到哪了？" },
		whereMine: { en: "Where is my order?", zh: "我的订单到哪了" },
		whereParcel: { en: "Where is my parcel {tracking}?", zh: "查一下快递 {tracking}" },
		unpaid: { en: "Did my payment for {order} arrive?", zh: "订单 {order} 付款成功了吗" },
		returns: { en: "Can I return something I don't like?", zh: "不喜欢可以退吗" },
		person: { en: "I want to talk to a person", zh: "转人工" },
		others: { en: "Where is order {order}?", zh: "订单 {order} 到哪了？" },
		othersNote: {
			en: "Another shopper's order: it should be kept secret",
			zh: "别人的订单：应当保密",
		},
		ask: { en: "Ask about it", zh: "咨询" },
		stock: { en: "Is the {product} in stock?", zh: "{product}有货吗？" },
	};
	const STATES = {
		pending_payment: { en: "awaiting payment", zh: "待付款", tone: "warn" },
		paid: { en: "paid", zh: "已付款" },
		packed: { en: "packed", zh: "已打包" },
		shipped: { en: "shipped", zh: "已发货" },
		completed: { en: "completed", zh: "已完成" },
		cancelled: { en: "cancelled", zh: "已取消" },
		pending: { en: "no scan yet", zh: "暂无物流" },
		info_received: { en: "label made", zh: "待揽收" },
		in_transit: { en: "on its way", zh: "运输中" },
		out_for_delivery: { en: "out for delivery", zh: "派送中" },
		available_for_pickup: { en: "ready for pickup", zh: "待自提" },
		attempt_fail: { en: "attempt failed", zh: "派送未成功", tone: "warn" },
		delivered: { en: "delivered", zh: "已签收" },
		exception: { en: "parcel in trouble", zh: "物流异常", tone: "bad" },
		expired: { en: "no news for long", zh: "长时间无更新", tone: "warn" },
	};
	/** Names and prices as in the demo shop's catalogue (data/seeds/products.csv). */
	const PRODUCTS = [
		{
			art: "kettle",
			stage: "sand",
			price: 199,
			en: "Temperature-Control Electric Kettle 1.7 L",
			zh: "恒温电热水壶 1.7升",
		},
		{ art: "mug", stage: "sage", price: 39.9, en: "Ceramic Mug 350 ml", zh: "陶瓷马克杯 350毫升" },
		{
			art: "headphones",
			stage: "mist",
			price: 699,
			en: "Cloud Noise-Cancelling Headphones",
			zh: "云听主动降噪头戴耳机",
		},
		{ art: "radio", stage: "rose", price: 199, en: "Retro Radio Speaker", zh: "复古收音机音箱" },
		{ art: "candle", stage: "sand", price: 99, en: "Scented Candle Gift Box", zh: "香薰蜡烛礼盒" },
		{
			art: "backpack",
			stage: "sage",
			price: 299,
			en: "Hiking Backpack 30 L",
			zh: "登山双肩包 30升",
		},
		{ art: "trainers", stage: "mist", price: 299, en: "Classic White Trainers", zh: "经典小白鞋" },
		{ art: "pet-bed", stage: "rose", price: 149, en: "Washable Pet Bed", zh: "可拆洗宠物窝" },
	];

	const page = document.documentElement;
	const find = (id) => document.getElementById(id);
	const say = (words, values = {}) =>
		words[page.lang === "zh-CN" ? "zh" : "en"].replace(/\{(\w+)\}/g, (_, name) => values[name]);

	function make(tag, attributes, ...children) {
		const node = document.createElement(tag);
		for (const [key, value] of Object.entries(attributes)) {
			if (typeof value === "function") node.addEventListener(key, value);
			else node.setAttribute(key, value);
		}
		node.append(...children);
		return node;
	}

	let shoppers = [];
	let current = GUEST;

	function drawPeople() {
		const buttons = [GUEST, ...shoppers].map((shopper) => {
			const name = shopper ? shopper.name : say(WORDS.guest);
			const state = shopper && STATES[shopper.shipment_state ?? shopper.order_state];
			const pressed = String(shopper === current);
			const button = make(
				"button",
				{ type: "button", class: "person", "aria-pressed": pressed, click: () => choose(shopper) },
				name,
			);
			if (state) button.append(make("span", { class: `tag ${state.tone ?? ""}` }, say(state)));
			return button;
		});
		find("people").replaceChildren(...buttons);
	}

	/** A guest is shown whose order they can prove: the first shopper of the page's language. */
	function shown() {
		const locale = page.lang === "zh-CN" ? "zh" : "en";
		return current ?? shoppers.find((shopper) => shopper.locale === locale) ?? shoppers[0];
	}

	function drawFacts() {
		const shopper = shown();
		if (!shopper) return;
		find("facts-title").textContent = say(current ? WORDS.signedIn : WORDS.anonymous, shopper);
		const facts = [
			[WORDS.order, shopper.order_number],
			[WORDS.phone, shopper.phone_last4],
			[WORDS.email, shopper.email],
			[WORDS.tracking, shopper.tracking_number],
		];
		const rows = facts
			.filter(([, value]) => value)
			.map(([words, value]) => {
				const copy = {
					type: "button",
					class: "copy",
					"aria-label": `${say(WORDS.copy)} ${value}`,
					click: () => copyText(value),
				};
				return make(
					"div",
					{},
					make("dt", {}, say(words)),
					make("dd", {}, value),
					// Browsers offer the clipboard to secure pages only.
					navigator.clipboard ? make("button", copy, say(WORDS.copy)) : "",
				);
			});
		find("facts").replaceChildren(...rows);
	}

	function drawQuestions() {
		const shopper = shown();
		if (!shopper) return;
		const other = shoppers.find((each) => each.order_number !== shopper.order_number);
		const values = { order: shopper.order_number, tracking: shopper.tracking_number };
		const questions = [
			[say(current ? WORDS.whereMine : WORDS.whereOrder, values)],
			[say(shopper.tracking_number ? WORDS.whereParcel : WORDS.unpaid, values)],
			[say(WORDS.returns)],
			current && other && [say(WORDS.others, { order: other.order_number }), say(WORDS.othersNote)],
			[say(WORDS.person)],
		];
		const items = questions.filter(Boolean).map(([question, note]) => {
			const ask = { type: "button", class: "question", click: () => frontdesk("open", question) };
			const button = make("button", ask, question);
			if (note) button.append(make("small", {}, note));
			return make("li", {}, button);
		});
		find("questions").replaceChildren(...items);
	}

	function drawShelf() {
		const money = new Intl.NumberFormat(page.lang, {
			style: "currency",
			currency: "CNY",
			currencyDisplay: "narrowSymbol",
		});
		const products = PRODUCTS.map((product) => {
			const question = say(WORDS.stock, { product: say(product) });
			const ask = {
				type: "button",
				class: "ask",
				"aria-label": question,
				click: () => frontdesk("open", question),
			};
			return make(
				"article",
				{ class: "product" },
				make(
					"div",
					{ class: `stage ${product.stage}` },
					make("img", { src: `demo/art/${product.art}.svg`, alt: "" }),
				),
				make("h3", {}, say(product)),
				make(
					"div",
					{ class: "row" },
					make("span", {}, money.format(product.price)),
					make("button", ask, say(WORDS.ask)),
				),
			);
		});
		find("shelf").replaceChildren(...products);
	}

	function draw() {
		drawPeople();
		drawFacts();
		drawQuestions();
		drawShelf();
	}

	function choose(shopper) {
		current = shopper;
		if (shopper) sessionStorage.setItem(SAVED, JSON.stringify(shopper));
		else sessionStorage.removeItem(SAVED);
		frontdesk("setUser", shopper ? shopper.shopper_token : null);
		const at = [GUEST, ...shoppers].indexOf(shopper);
		draw();
		find("people").children[at].focus();
	}

	async function copyText(text) {
		try {
			await navigator.clipboard.writeText(text);
		} catch {
			return; // refused by the browser: the text stands there to be marked by hand
		}
		find("copied").textContent = say(WORDS.copied, { text });
	}

	function setLanguage(lang) {
		page.lang = lang;
		localStorage.setItem("lantern-lane:lang", lang);
		draw();
	}

	async function loadShoppers() {
		const response = await fetch("demo/shoppers");
		if (!response.ok) throw new Error(`demo shoppers: ${response.status}`);
		const body = await response.json();
		shoppers = body.shoppers ?? body;
		// Tokens are signed anew at each start; the shopper stays the same.
		current = shoppers.find((shopper) => shopper.order_number === current?.order_number) ?? GUEST;
		frontdesk("setUser", current ? current.shopper_token : null);
	}

	async function start() {
		current = JSON.parse(sessionStorage.getItem(SAVED)) ?? GUEST;
		if (current) frontdesk("setUser", current.shopper_token);
		const browser = navigator.language.startsWith("zh") ? "zh-CN" : "en";
		page.lang = localStorage.getItem("lantern-lane:lang") ?? browser;
		find("language").addEventListener("click", () =>
			setLanguage(page.lang === "zh-CN" ? "en" : "zh-CN"),
		);
		find("ask").addEventListener("click", () => frontdesk("open"));
		draw();
		try {
			await loadShoppers();
		} catch {
			find("problem").hidden = false;
		}
		draw();
	}

	start();
})();
