/**
 * Frontdesk's chat on a shop's page; how to put it there is in README.md.
 *
 * One file: one request and one cache entry, so nobody runs half of an old version. Text from
 * outside only becomes text nodes; no eval, no markup from strings, no style attributes, so that it
 * runs under a strict Content-Security-Policy with Trusted Types.
 */
(() => {
	"use strict";
	if (customElements.get("frontdesk-chat")) return;
	const script = document.currentScript;
	const DESK = new URL("..", script.src);
	const KEY = `frontdesk:${DESK.host}${DESK.pathname}`;

	// ── limits (times in ms) ───────────────────────────────────────────────────────────────────
	const MAX_CHARS = 2000; // the desk's own limit, in code points
	const COUNT_FROM = 1800;
	const SEND_AFTER = [0, 1000, 3000]; // before each attempt to send one message
	const SEND_LIMIT = 15_000;
	const RETRY_FIRST = 500;
	const RETRY_MOST = 30_000;
	const STEADY = 5000; // a connection that lasted this long did not fail
	const SILENCE = 40_000; // the desk sends a comment line every 15 s
	const HIDDEN_AFTER = 60_000; // unseen pages give up one of the six connections a host may have
	const DOWN_AFTER = 1000; // a shorter break is not worth telling
	const TYPING_FOR = 20_000;
	const REPLAY_QUIET = 300;
	const PHONE = "(max-width: 480px), (max-height: 460px)";

	// ── words ──────────────────────────────────────────────────────────────────────────────────
	const WORDS = {
		tag: ["en", "zh-CN"],
		other: ["中文", "English"],
		switch: ["切换到中文", "Switch to English"],
		title: ["Customer service", "在线客服"],
		open: ["Open chat", "打开客服窗口"],
		close: ["Close chat", "关闭客服窗口"],
		unread: ["unread messages: %", "% 条未读消息"],
		log: ["Conversation", "对话内容"],
		hello: ["Hello! How can we help?", "您好，请问有什么可以帮您？"],
		intro: [
			"Ask about orders, parcels, returns and products, in English or Chinese.",
			"订单、物流、退换货、商品，中文或英文都可以问。",
		],
		suggestions: ["Suggestions", "常见问题"],
		starters: [
			["Where is my order?", "How do returns work?", "How long is delivery?", "Talk to a person"],
			["我的订单到哪了？", "怎么退货？", "多久能送到？", "转人工"],
		],
		choices: ["Quick replies", "快捷回复"],
		write: ["Write a message…", "输入消息…"],
		send: ["Send", "发送"],
		count: [`% of ${MAX_CHARS} characters`, `% / ${MAX_CHARS} 字`],
		over: ["% characters too many", "超出 % 字"],
		latest: ["Latest messages", "查看最新消息"],
		sender: {
			bot: ["Assistant", "智能助手"],
			agent: ["Customer service", "客服"],
			system: ["Notice", "提示"],
			shopper: ["You", "我"],
		},
		typing: ["Writing…", "正在输入…"],
		state: {
			sending: ["Sending…", "发送中…"],
			sent: ["Sent", "已发送"],
			failed: ["Not sent", "未发送"],
			long: ["Too long to send", "内容过长，无法发送"],
			gone: ["This choice is no longer open", "该选项已失效"],
			refused: ["Could not be sent", "无法发送"],
		},
		retry: ["Try again", "重试"],
		remove: ["Delete", "删除"],
		owner: {
			bot: ["Assistant, answers at once", "智能助手，即时回复"],
			queue: ["Waiting for a person", "正在等待人工客服"],
			agent: ["You are talking to a person", "人工客服为您服务"],
		},
		position: ["Number % in the queue", "您排在第 % 位"],
		wait: ["about % min", "约 % 分钟"],
		stay: [
			"The answer comes here. You can leave and come back.",
			"回复会出现在这里，您可以离开，稍后再来。",
		],
		ticket: ["Ticket %. ", "工单 %。"],
		connecting: ["Connecting…", "连接中…"],
		offline: [
			"You are offline. Messages go out when you are back.",
			"网络已断开，恢复后会自动发送。",
		],
		down: ["Connection lost. Reconnecting…", "连接中断，正在重连…"],
		unreachable: ["We can't reach the service desk right now.", "暂时连接不上客服，请稍后再试。"],
		renewed: [
			"The earlier conversation has ended. This is a new one.",
			"之前的对话已结束，现在是新的对话。",
		],
		rejected: [
			"Your sign-in has expired. You can go on as a guest, or sign in again.",
			"登录已过期。您可以以访客身份继续，或重新登录。",
		],
		rate: ["How did we do?", "这次服务您满意吗？"],
		scores: [
			["Very bad", "Bad", "Fair", "Good", "Very good"],
			["非常不满意", "不满意", "一般", "满意", "非常满意"],
		],
		rated: ["Thank you for your rating.", "感谢您的评价。"],
		unrated: ["The rating could not be saved. Try again.", "评价没有保存成功，请再试一次。"],
		copy: ["Copy", "复制"],
		copied: ["Copied", "已复制"],
		more: ["Show % more", "展开其余 % 条"],
		card: { order: ["Order", "订单"], parcel: ["Parcel", "包裹"], product: ["Product", "商品"] },
		placed: ["Placed %", "% 下单"],
		pay: ["Pay by %", "请在 % 前付款"],
		promised: ["Arrives by %", "预计 % 前送达"],
		total: ["Total", "合计"],
		arrives: ["Expected %", "预计 % 送达"],
		steps: [
			["Collected", "On its way", "Out for delivery", "Delivered"],
			["已揽收", "运输中", "派送中", "已签收"],
		],
		history: ["Tracking history", "物流轨迹"],
		stock: ["In stock", "有货"],
		unstocked: ["Out of stock", "暂时缺货"],
		restock: ["Back on %", "预计 % 到货"],
		order: {
			pending_payment: ["Awaiting payment", "待付款"],
			paid: ["Paid", "已付款"],
			packed: ["Packed", "已打包"],
			shipped: ["Shipped", "已发货"],
			delivered: ["Delivered", "已送达"],
			completed: ["Completed", "已完成"],
			cancelled: ["Cancelled", "已取消"],
		},
		parcel: {
			pending: ["No scan yet", "暂无物流信息"],
			info_received: ["Label made", "等待揽收"],
			in_transit: ["On its way", "运输中"],
			out_for_delivery: ["Out for delivery", "派送中"],
			available_for_pickup: ["Ready for pickup", "待自提"],
			attempt_fail: ["Delivery attempt failed", "派送未成功"],
			delivered: ["Delivered", "已签收"],
			exception: ["Delivery problem", "物流异常"],
			expired: ["No news for long", "长时间无更新"],
		},
		exception: {
			delay: ["Delayed", "运输延误"],
			customs: ["Held at customs", "海关滞留"],
			lost: ["Lost", "包裹丢失"],
			damaged: ["Damaged", "包裹破损"],
			address: ["Address problem", "地址有误"],
			refused: ["Refused", "已拒收"],
			returning: ["Going back to us", "正在退回"],
		},
	};
	const LOCALES = ["en", "zh"];
	/** The words of one language; those with a % are functions of what stands there. */
	const inLocale = (words, at) =>
		Object.fromEntries(
			Object.entries(words).map(([key, both]) => {
				const text = Array.isArray(both) ? both[at] : inLocale(both, at);
				return [key, text.includes?.("%") ? (value) => text.replace("%", value) : text];
			}),
		);

	const TONES = {
		pending_payment: "warn",
		delivered: "good",
		completed: "good",
		cancelled: "off",
		pending: "off",
		info_received: "off",
		attempt_fail: "warn",
		exception: "bad",
		expired: "warn",
	};
	const STEPS = {
		in_transit: 1,
		out_for_delivery: 2,
		available_for_pickup: 2,
		attempt_fail: 2,
		delivered: 3,
	};

	// ── formats ────────────────────────────────────────────────────────────────────────────────
	/** A date-only value is that calendar day wherever the shopper is. */
	const toDate = (value) => new Date(value.length === 10 ? `${value}T00:00` : value);
	const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

	/** Formats of one language; what cannot be read comes back as the text it was. */
	function formats(tag) {
		const guarded = (format) => (value) => {
			try {
				return format(value);
			} catch {
				return String(value ?? "");
			}
		};
		const dated = (date, options) =>
			new Intl.DateTimeFormat(tag, {
				month: "short",
				day: "numeric",
				...(date.getFullYear() !== new Date().getFullYear() && { year: "numeric" }),
				...options,
			});
		return {
			time: guarded((value) => new Intl.DateTimeFormat(tag, TIME).format(toDate(value))),
			day: guarded((value) => dated(toDate(value)).format(toDate(value))),
			moment: guarded((value) => dated(toDate(value), TIME).format(toDate(value))),
			days: guarded(([from, to]) => dated(toDate(to)).formatRange(toDate(from), toDate(to))),
			money: guarded(({ amount, currency }) =>
				new Intl.NumberFormat(tag, {
					style: "currency",
					currency,
					currencyDisplay: "narrowSymbol",
				}).format(amount),
			),
		};
	}

	// ── elements ───────────────────────────────────────────────────────────────────────────────
	/**
	 * Make an element: `make("tag.class", {attribute, listener}?, ...children)`. Functions become
	 * listeners, strings text nodes, and what is empty nothing.
	 */
	function make(name, ...children) {
		const [tag, ...classes] = name.split(".");
		const node = document.createElement(tag);
		node.className = classes.join(" ");
		if (tag === "button") node.type = tag;
		const attributes = children[0]?.constructor === Object ? children.shift() : {};
		for (const [key, value] of Object.entries(attributes)) {
			if (typeof value === "function") node.addEventListener(key, value);
			else node.setAttribute(key, value);
		}
		node.append(...children.flat().filter(Boolean));
		return node;
	}

	/** Set text only when it changes: a live region would read it again. */
	function set(node, text) {
		if (node.textContent !== text) node.textContent = text;
	}

	const ICONS = {
		bell: "M4.5 16.5h15M6 16.5a6 6 0 0 1 12 0M12 10.5V8M10 7.5h4M3.5 19.5h17",
		close: "M6 6l12 12M18 6L6 18",
		down: "M6 9.5l6 6 6-6",
		send: "M12 19V5.5M6 11l6-6 6 6",
		copy: "M9 9h10v10H9zM5 15V5h10",
		check: "M5 12.5l4.5 4.5L19 7.5",
		parcel:
			"M3 6.5h11v10H3zM14 10h4l3 3v3.5h-7zM7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4M17 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4",
		order: "M5.5 8.5h13l1 11.5h-15zM9 8.5V7a3 3 0 0 1 6 0v1.5",
		product: "M12 3.5l8 4v9l-8 4-8-4v-9zM4 7.5l8 4.5 8-4.5M12 12v8.5",
		star: "M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
	};
	function icon(name) {
		const [svg, path] = ["svg", "path"].map((tag) =>
			document.createElementNS("http://www.w3.org/2000/svg", tag),
		);
		svg.setAttribute("viewBox", "0 0 24 24");
		svg.setAttribute("aria-hidden", "true");
		path.setAttribute("d", ICONS[name]);
		svg.append(path);
		return svg;
	}

	const LINK = /https?:\/\/[^\s<>"'`，。！？；：、（）【】《》“”‘’]+/gi;
	/** Split text into text and links; only http(s) addresses become links. */
	function linked(text) {
		const parts = [];
		let from = 0;
		for (const match of text.matchAll(LINK)) {
			const address = match[0].replace(/[.,!?;:)\]}]+$/, "");
			const link = { href: address, target: "_blank", rel: "noopener noreferrer" };
			parts.push(text.slice(from, match.index), make("a", link, address));
			from = match.index + address.length;
		}
		return [...parts, text.slice(from)];
	}

	// ── storage ────────────────────────────────────────────────────────────────────────────────
	/** JSON in a storage area; nothing where the browser refuses storage. */
	const storage = (area) => ({
		read(key) {
			try {
				return JSON.parse(window[area].getItem(key));
			} catch {
				return null;
			}
		},
		write(key, value) {
			try {
				if (value == null) window[area].removeItem(key);
				else window[area].setItem(key, JSON.stringify(value));
			} catch {
				// The conversation then lasts as long as the page.
			}
		},
	});
	const lasting = storage("localStorage"); // shared by a shop's tabs
	const ofTab = storage("sessionStorage"); // one tab's, over reloads

	/** Whom a shopper token is for: names what is stored. The desk alone judges the token. */
	function subject(token) {
		if (!token) return "guest";
		try {
			const claims = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
			return `user:${JSON.parse(claims).sub}`;
		} catch {
			return `user:${token.slice(-24)}`;
		}
	}

	// ── desk ───────────────────────────────────────────────────────────────────────────────────
	/**
	 * Ask the desk. Raises the browser's error when there was no answer; otherwise one with the
	 * `status` and the `problem`, whether the conversation is `gone`, and whether to ask again.
	 */
	async function ask(path, token, options) {
		const response = await fetch(new URL(path, DESK), {
			...options,
			headers: { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }) },
			credentials: "omit",
			cache: "no-store",
		});
		const { ok, status } = response;
		if (ok) return response;
		throw Object.assign(new Error(`the desk answered ${status}`), {
			status,
			problem: (await response.json().catch(() => null))?.type,
			gone: [401, 403, 404, 410].includes(status),
			passing: status >= 500 || status === 429 || status === 408,
		});
	}

	const post = (path, body, token) =>
		ask(path, token, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify(body),
			signal: AbortSignal.timeout(SEND_LIMIT),
		});

	/**
	 * Read server-sent events until the stream ends, falls silent or `stream` (an AbortController) is
	 * aborted, calling `receive(name, id, data)`.
	 *
	 * Not EventSource: that one hides the status (expired? down?) and the heartbeat, cannot say where
	 * to resume once it has given up, and puts the token into addresses that servers log.
	 */
	async function readEvents(path, token, after, stream, opened, receive) {
		let alarm;
		const heard = () => {
			clearTimeout(alarm);
			alarm = setTimeout(() => stream.abort(), SILENCE);
		};
		heard();
		try {
			const headers = {
				Accept: "text/event-stream",
				...(after && { "Last-Event-ID": `${after}` }),
			};
			const response = await ask(path, token, { headers, signal: stream.signal });
			opened();
			const reader = response.body.getReader();
			const decoder = new TextDecoder();
			let rest = "";
			let event = {};
			for (;;) {
				const { done, value } = await reader.read();
				if (done) return;
				heard();
				const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
				rest = lines.pop();
				for (const line of lines) {
					const [, field, text] = /^([^:\r]*):? ?([^]*?)\r?$/.exec(line);
					if (field) {
						event[field] = field === "data" && event.data ? `${event.data}\n${text}` : text;
					} else if (!line.startsWith(":")) {
						if (event.data) receive(event.event ?? "message", Number(event.id) || 0, event.data);
						event = {};
					}
				}
			}
		} finally {
			clearTimeout(alarm);
		}
	}

	const delay = (time) => new Promise((resolve) => setTimeout(resolve, time));
	const online = async () => {
		if (navigator.onLine) return;
		await new Promise((resolve) => window.addEventListener("online", resolve, { once: true }));
	};

	// ── conversation ───────────────────────────────────────────────────────────────────────────
	/**
	 * One shopper's conversation: what the desk has told (`items`, by event id) and what the shopper
	 * has written but the desk has not yet shown back (`outbox`).
	 *
	 * `tell(what, detail?)` reports `item` (which), `outbox`, `owner`, `typing` (who), `link`,
	 * `renewed` (another conversation from here on) and `rejected` (the shopper token).
	 */
	class Conversation {
		constructor(shopperToken, locale, tell) {
			this.locale = locale;
			this.shopperToken = shopperToken;
			this.key = `${KEY}${subject(shopperToken)}`;
			this.tell = tell;
			this.saved = lasting.read(this.key); // {conversation, token, read, rated}
			this.outbox = ofTab.read(this.key) ?? []; // {external_id, text, choice?, state}
			this.link = "idle"; // idle, opening, live, down
			this.#forget();
		}

		start() {
			if (this.stopping) return;
			this.stopping = new AbortController();
			const listen = { signal: this.stopping.signal };
			window.addEventListener("online", () => this.wake?.(), listen);
			window.addEventListener("offline", () => this.tell("link"), listen);
			document.addEventListener("visibilitychange", () => this.#turnAway(), listen);
			window.addEventListener("storage", (event) => this.#adopt(event), listen);
			this.#run(this.stopping.signal);
		}

		stop() {
			this.stopping?.abort();
			this.stream?.abort();
			this.wake?.();
			clearTimeout(this.hiding);
		}

		erase() {
			this.#save(null);
			ofTab.write(this.key, null);
			ofTab.write(`${this.key}:draft`, null);
		}

		/** Send text, or a choice with its title as text; it shows at once. */
		send(text, choice) {
			const external_id = crypto.getRandomValues(new BigUint64Array(2)).join("-");
			this.deliver({ external_id, text, choice });
		}

		/** Send messages: again, or in place of a conversation that could not be had. */
		deliver(...messages) {
			for (const message of messages) message.state = "sending";
			this.outbox = [...new Set([...this.outbox, ...messages])];
			this.#outboxChanged();
			this.start();
			this.wake?.();
			this.#flush();
		}

		/** Take a message out of the outbox: shown back by the desk, or given up by the shopper. */
		drop({ external_id }) {
			this.outbox = this.outbox.filter((message) => message.external_id !== external_id);
			this.#outboxChanged();
		}

		again() {
			this.#setLink("opening");
			this.wake?.();
		}

		/** Store a score of 1–5; true when it is stored. Raises what `post` raises. */
		async rate(survey, score) {
			await post(`chat/surveys/${encodeURIComponent(survey)}`, { score }, this.saved.token);
			this.#save({ ...this.saved, rated: { ...this.saved.rated, [survey]: score } });
			return true;
		}

		/** How many items by others than the shopper came after the last one read. */
		get unread() {
			const read = this.saved?.read ?? 0;
			return this.items.filter((item) => item.event > read && item.sender !== "shopper").length;
		}

		read() {
			if (this.saved && this.last > this.saved.read) this.#save({ ...this.saved, read: this.last });
		}

		/** Begin a conversation where none is open, listen, and come back after every failure. */
		async #run(stopped) {
			let failures = 0;
			while (!stopped.aborted) {
				const began = Date.now();
				try {
					while (document.hidden && !stopped.aborted) await this.#pause();
					if (stopped.aborted) return;
					if (this.link === "idle") this.#setLink("opening");
					if (!this.saved) await this.#create(stopped);
					if (stopped.aborted) return;
					this.#flush();
					await this.#listen();
				} catch (error) {
					if (stopped.aborted) return;
					if (error.gone && this.saved) this.#renew(null);
					else if (error.problem === "invalid-shopper-token") return this.tell("rejected");
				}
				if (stopped.aborted) return;
				this.#setLink("down");
				failures = Date.now() - began > STEADY ? 0 : failures + 1;
				if (!this.saved && failures >= SEND_AFTER.length) {
					for (const message of this.outbox) message.state = "failed";
					this.#outboxChanged();
				}
				const most = Math.min(RETRY_MOST, RETRY_FIRST * 2 ** Math.max(0, failures - 1));
				await this.#pause(most * (0.5 + Math.random() / 2));
			}
		}

		async #create(stopped) {
			const shopper = this.shopperToken && { shopper_token: this.shopperToken };
			const body = { locale: this.locale, ...shopper };
			const { conversation, token } = await (await post("chat/conversations", body)).json();
			if (!stopped.aborted) this.#save({ conversation, token, read: 0, rated: {} });
		}

		async #listen() {
			this.stream = new AbortController();
			await readEvents(
				this.#path("events"),
				this.saved.token,
				this.last,
				this.stream,
				() => this.#setLink("live"),
				(name, id, data) => this.#receive(name, id, data),
			);
		}

		#receive(name, id, text) {
			if (id && this.seen.has(id)) return;
			if (id) this.seen.add(id);
			this.last = Math.max(this.last, id);
			let data;
			try {
				data = JSON.parse(text);
			} catch {
				return; // an event that cannot be read is not worth the conversation
			}
			if (name === "message" || name === "survey") {
				const item = { ...data, kind: name, event: id };
				if (data.external_id) this.drop(data);
				this.items.splice(this.items.findLastIndex((other) => other.event < id) + 1, 0, item);
				this.tell("item", item);
			} else if (name === "owner") {
				this.owner = data;
				this.tell("owner");
			} else if (name === "typing") {
				this.tell("typing", data.sender);
			}
		}

		/** Leave a conversation the desk no longer knows; what was not sent goes into the next one. */
		#renew(saved) {
			const before = this.saved;
			this.#save(saved);
			this.#forget();
			this.outbox = this.outbox.filter((message) => message.state !== "sent");
			// A choice was offered in the old one: its title goes as text.
			for (const message of this.outbox) delete message.choice;
			this.tell("renewed", before);
			this.stream?.abort();
			this.wake?.();
		}

		/** Follow another tab that has begun the conversation. */
		#adopt(event) {
			const other = event.key === this.key && lasting.read(this.key);
			if (other && other.conversation !== this.saved?.conversation) this.#renew(other);
		}

		/** Give the connection up when the page is out of sight, and come back with it. */
		#turnAway() {
			clearTimeout(this.hiding);
			if (document.hidden) this.hiding = setTimeout(() => this.stream?.abort(), HIDDEN_AFTER);
			else this.wake?.();
		}

		async #flush() {
			if (this.flushing) return;
			this.flushing = true;
			const next = () => this.outbox.find((message) => message.state === "sending");
			while (this.saved && !this.stopping.signal.aborted && next()) await this.#deliver(next());
			this.flushing = false;
		}

		async #deliver(message) {
			const { external_id, text, choice } = message;
			const body = choice ? { external_id, choice } : { external_id, text };
			let state = "failed";
			for (const after of SEND_AFTER) {
				await delay(after);
				await online();
				if (!this.saved || this.stopping.signal.aborted || !this.outbox.includes(message)) return;
				try {
					await post(this.#path("messages"), body, this.saved.token);
					state = "sent";
					break;
				} catch ({ status, gone, passing, problem }) {
					if (gone) return this.#renew(null);
					if (!status || passing) continue;
					state = "refused";
					if (status === 413 || problem === "text-too-long") state = "long";
					if (problem === "choice-not-offered") state = "gone";
					break;
				}
			}
			message.state = state;
			this.#outboxChanged();
		}

		/** Drop what was heard; the desk replays it from the start. */
		#forget() {
			this.items = [];
			this.seen = new Set();
			this.last = 0;
			this.owner = { owner: "bot" };
		}

		#path(what) {
			return `chat/conversations/${encodeURIComponent(this.saved.conversation)}/${what}`;
		}

		#save(saved) {
			this.saved = saved;
			lasting.write(this.key, saved);
		}

		#outboxChanged() {
			ofTab.write(this.key, this.outbox.length ? this.outbox : null);
			this.tell("outbox");
		}

		#setLink(link) {
			if (link !== this.link) this.since = Date.now();
			this.link = link;
			this.tell("link");
		}

		/** Wait, or until there is a reason to go on: the network, the page or the shopper is back. */
		#pause(time) {
			return new Promise((resolve) => {
				this.wake = resolve;
				if (time) setTimeout(resolve, time);
			});
		}
	}

	// ── cards ──────────────────────────────────────────────────────────────────────────────────
	const named = (names, code) => names[code] ?? String(code ?? "").replaceAll("_", " ");
	const pill = (text, tone = "accent") => make(`span.pill.${tone}`, text);

	function copyButton(words, text) {
		const name = `${words.copy} ${text}`;
		const told = make("span.sr", { role: "status" });
		const button = make("button.copy", { "aria-label": name }, icon("copy"), told);
		const done = () => {
			button.firstChild.replaceWith(icon("check"));
			told.textContent = words.copied;
		};
		// Refused by the browser: the number stands there to be marked by hand.
		const refused = () => {};
		button.addEventListener("click", () => navigator.clipboard.writeText(text).then(done, refused));
		return navigator.clipboard && button;
	}

	/** A list whose rows past `shown` wait behind a button. */
	function foldable(words, list, rows, shown) {
		if (!rows.length) return [];
		list.append(...rows.slice(0, shown));
		if (rows.length <= shown) return [list];
		const unfold = () => {
			list.append(...rows.slice(shown));
			more.remove();
			rows[shown].tabIndex = -1;
			rows[shown].focus();
		};
		const left = words.more(rows.length - shown);
		const more = make("button.more", { click: unfold }, left, icon("down"));
		return [list, more];
	}

	const head = (words, type, kind, title, copied) => [
		make("span.glyph", icon(type)),
		make("div.grow", make("div.kind", kind), make("div.title", title)),
		copied && copyButton(words, copied),
	];

	const CARDS = {
		order(card, words, { money, day, moment }) {
			const lines = (card.lines ?? []).map((line) => {
				const apart = line.state && line.state !== card.state;
				return make(
					"li.line",
					make("span.grow", line.name, make("span.muted", ` × ${line.quantity}`)),
					apart && pill(named(words.order, line.state), TONES[line.state]),
					line.price && make("span.amount", money(line.price)),
				);
			});
			const parcels = (card.parcels ?? []).map((parcel) =>
				make(
					"li.line",
					make("span.grow", parcel.carrier_name, make("div.muted.number", parcel.tracking_number)),
					pill(named(words.parcel, parcel.state), TONES[parcel.state]),
				),
			);
			const { payment_due_at: due, deliver_by: promised, placed_at: placed } = card;
			const note =
				(due && words.pay(moment(due))) ||
				(promised && words.promised(day(promised))) ||
				(placed && words.placed(day(placed)));
			return [
				make("div.head", head(words, "order", words.card.order, card.number, card.number)),
				make(
					"div.status",
					pill(named(words.order, card.state), TONES[card.state]),
					make("span.muted", note),
				),
				foldable(words, make("ul.lines"), lines, 4),
				card.total &&
					make("div.total", make("span.grow", words.total), make("b.amount", money(card.total))),
				foldable(words, make("ul.lines"), parcels, 3),
			];
		},

		parcel(card, words, { days, moment }) {
			const { state, estimated_from: from, estimated_to: to, events = [] } = card;
			const tone = TONES[state] ?? "accent";
			const headline = card.exception
				? named(words.exception, card.exception)
				: named(words.parcel, state);
			const reached = [{ state }, ...events].map((event) => STEPS[event.state] ?? -1);
			const at = reached[0] < 0 ? Math.max(...reached) : reached[0];
			const steps = words.steps.map((step, each) =>
				make(`div.step${each > at ? "" : each < at ? ".done" : ".now"}`, make("span.bar"), step),
			);
			const rows = events.map((event) =>
				make(
					"li.event",
					make(`span.dot.${TONES[event.state] ?? "accent"}`),
					make(
						"div.grow",
						make("div.what", event.text),
						make("div.muted", [moment(event.at), event.location].filter(Boolean).join(" · ")),
					),
				),
			);
			const { tracking_number: number, carrier_name: carrier } = card;
			return [
				make("div.head", head(words, "parcel", carrier, number, number)),
				make(`div.headline.${tone}`, headline),
				state !== "delivered" &&
					(from || to) &&
					make("div.muted", words.arrives(days([from ?? to, to ?? from]))),
				make(`div.steps.${tone}`, { "aria-hidden": "true" }, steps),
				foldable(words, make("ol.events", { "aria-label": words.history }), rows, 3),
			];
		},

		product(card, words, { money, day }) {
			const facts = (card.attributes ?? []).map(({ name, value }) => [
				make("dt", name),
				make("dd", value),
			]);
			const { in_stock: stocked, restock_on: restock } = card;
			return [
				make("div.head", head(words, "product", words.card.product, card.name)),
				make(
					"div.status",
					card.price && make("b.price", money(card.price)),
					stocked ? pill(words.stock, "good") : pill(words.unstocked, "off"),
					!stocked && restock && make("span.muted", words.restock(day(restock))),
				),
				facts.length > 0 && make("dl.facts", ...facts.flat()),
			];
		},
	};

	/** A card, or nothing where this version of the widget cannot draw it. */
	function drawCard(card, words, format) {
		if (!Object.hasOwn(CARDS, card?.type)) return null;
		const name = { role: "group", "aria-label": words.card[card.type] };
		try {
			return make("div.card", name, ...CARDS[card.type](card, words, format));
		} catch {
			return null;
		}
	}

	// ── style ──────────────────────────────────────────────────────────────────────────────────
	const STYLE = `
:host { all: initial; position: fixed; z-index: 2147483000; }
@media print { :host { display: none; } }
.root {
  --accent: var(--frontdesk-accent, #0d6153); --on-accent: var(--frontdesk-on-accent, #fff); --link: var(--accent);
  --paper: #fff; --ground: #f5f4f0; --ink: #1b2422; --muted: #5a6663; --line: #e2e0d8; --edge: #c9c7bd;
  --soft: #e4efec; --good: #17693f; --good-soft: #e1f2e7; --warn: #7d4e00; --warn-soft: #fdf0d5;
  --bad: #a8231c; --bad-soft: #fbe6e3; --off: #56605d; --off-soft: #ecebe6; --brass: #c98a1b;
  font: 15px/1.5 ui-sans-serif, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  color: var(--ink); text-align: start;
}
@media (prefers-color-scheme: dark) {
  .root {
    --accent: var(--frontdesk-accent, #19695b); --link: #74d3bf;
    --paper: #1a201f; --ground: #111615; --ink: #e8edeb; --muted: #9fada8; --line: #2b3432; --edge: #46524f;
    --soft: #1d302c; --good: #7fd6a4; --good-soft: #16311f; --warn: #f0bf6a; --warn-soft: #35290f;
    --bad: #ff9d94; --bad-soft: #3d1b18; --off: #a9b5b1; --off-soft: #262e2c; --brass: #e0a63c;
    color-scheme: dark;
  }
}
* { box-sizing: border-box; margin: 0; padding: 0; list-style: none; }
button, textarea { font: inherit; color: inherit; background: none; border: 0; }
button { cursor: pointer; touch-action: manipulation; -webkit-tap-highlight-color: transparent; }
button:disabled { cursor: default; }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
svg { width: 1.25em; height: 1.25em; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.grow { flex: 1; min-width: 0; }
.muted { color: var(--muted); }
.launcher, .crest, .tool, .place, .glyph, .copy, .send, .star { display: grid; place-items: center; flex: none; }
[hidden] { display: none !important; }

.launcher, .panel { position: fixed; right: calc(20px + env(safe-area-inset-right, 0px)); }
.left .launcher, .left .panel { right: auto; left: calc(20px + env(safe-area-inset-left, 0px)); }
.launcher {
  bottom: calc(20px + env(safe-area-inset-bottom, 0px)); width: 60px; height: 60px; border-radius: 50%;
  color: var(--on-accent); background: var(--accent); box-shadow: 0 6px 22px rgb(0 0 0 / .3);
}
.launcher svg { width: 29px; height: 29px; }
.badge {
  position: absolute; top: -4px; right: -4px; min-width: 23px; padding: 0 6px; border-radius: 12px; border: 2px solid #fff;
  font-size: 12px; line-height: 19px; font-weight: 620; color: #fff; background: #b3261e;
}
.panel {
  bottom: calc(94px + env(safe-area-inset-bottom, 0px)); width: 400px; max-width: calc(100vw - 40px); height: min(690px, 100dvh - 114px);
  display: flex; flex-direction: column; overflow: hidden; border-radius: 20px; background: var(--paper);
  border: 1px solid var(--line); box-shadow: 0 16px 60px rgb(0 0 0 / .25); animation: rise .22s;
}
@keyframes rise { from { opacity: 0; transform: translateY(12px); } }

.top { display: flex; align-items: center; gap: 12px; padding: 13px 10px 13px 16px; color: var(--on-accent); background: var(--accent); }
.crest { width: 40px; height: 40px; border-radius: 13px; background: rgb(255 255 255 / .15); }
.crest svg { width: 24px; height: 24px; }
.name { font-weight: 620; font-size: 16px; line-height: 1.35; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.owner { font-size: 13px; line-height: 1.35; }
.owner::before { content: ""; display: inline-block; width: 8px; height: 8px; border-radius: 50%; margin-inline-end: 7px; background: #8fe3b8; }
.queue .owner::before { background: #ffd27a; }
.down .owner::before { background: #c9c7bd; }
.tool { min-width: 44px; height: 40px; border-radius: 11px; font-size: 13px; padding: 0 8px; }
.top :focus-visible { outline-color: currentColor; outline-offset: -3px; }

.strip, .banner { display: flex; align-items: center; gap: 12px; padding: 9px 16px; font-size: 13px; line-height: 1.35; background: var(--warn-soft); border-bottom: 1px solid var(--line); }
.strip b { display: block; font-size: 14px; }
.place { min-width: 34px; height: 34px; padding: 0 8px; border-radius: 17px; font-weight: 620; font-size: 15px; color: #2b1d00; background: var(--brass); }

.middle { position: relative; flex: 1; min-height: 0; display: flex; }
.log { position: relative; flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 16px 14px; background: var(--ground); scrollbar-width: thin; }
.log:focus-visible { outline-offset: -3px; }
.intro { padding: 6px 8px 18px; }
h2 { font-size: 20px; line-height: 1.35; font-weight: 620; margin-bottom: 6px; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 6px; }
.intro .choices { margin-top: 16px; }
.chip { padding: 7px 14px; border-radius: 22px; text-align: start; color: var(--link); background: var(--paper); border: 1px solid var(--link); overflow-wrap: anywhere; }
.tool:hover, .chip:hover:enabled, .copy:hover, .star:hover:enabled { background: rgb(128 128 128 / .16); }
.chip:disabled { color: var(--muted); border-color: var(--line); background: none; }
.chip.chosen { color: var(--ink); border-color: var(--muted); }

.row { display: flex; flex-direction: column; align-items: flex-start; margin-bottom: 14px; }
.bot:has(+ .bot), .agent:has(+ .agent), .shopper:has(+ .shopper) { margin-bottom: 3px; }
.shopper { align-items: flex-end; }
.system { align-items: center; text-align: center; }
.settled .new { animation: rise .2s; }
[data-day]::before { content: attr(data-day); align-self: center; margin: 4px 0 12px; font-size: 12px; color: var(--muted); }
.bubble {
  max-width: calc(100% - 44px); padding: 9px 14px; border-radius: 6px 18px 18px 6px; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--paper); border: 1px solid var(--line);
}
.row:not(.bot + .bot, .agent + .agent) .bubble { border-top-left-radius: 18px; }
.shopper .bubble { color: var(--on-accent); background: var(--accent); border-color: transparent; border-radius: 18px 6px 6px 18px; }
.shopper:not(.shopper + .shopper) .bubble { border-top-right-radius: 18px; }
.shopper.failed .bubble { color: var(--ink); background: var(--bad-soft); border-color: var(--bad); }
.sending .bubble { opacity: .75; }
.system .bubble { border-radius: 14px; font-size: 13px; color: var(--muted); background: none; }
.bubble a { color: inherit; }
.meta { display: flex; gap: 8px; align-items: center; margin: 3px 6px 0; font-size: 12px; color: var(--muted); }
.bot:has(+ .bot) > .meta, .agent:has(+ .agent) > .meta, .shopper:has(+ .shopper:not(.failed)):not(.failed) > .meta, .system > .meta { display: none; }
.failed .meta { color: var(--bad); }
.act { color: var(--link); text-decoration: underline; min-height: 24px; }
.typing { display: inline-flex; gap: 5px; padding: 14px 15px; border-radius: 18px; background: var(--paper); }
.typing i { width: 7px; height: 7px; border-radius: 50%; background: var(--muted); animation: think 1.2s infinite; }
.typing i:nth-child(2) { animation-delay: .15s; }
.typing i:nth-child(3) { animation-delay: .3s; }
@keyframes think { 50% { opacity: .3; } }
.latest {
  position: absolute; bottom: 12px; left: 50%; transform: translateX(-50%); display: flex; align-items: center; gap: 6px; padding: 6px 14px;
  border-radius: 18px; font-size: 13px; background: var(--paper); border: 1px solid var(--edge); white-space: nowrap;
}

.card, .survey { width: 100%; margin-top: 3px; padding: 14px; border-radius: 16px; background: var(--paper); border: 1px solid var(--line); font-size: 14px; }
.head { display: flex; align-items: center; gap: 11px; }
.glyph { width: 38px; height: 38px; border-radius: 11px; color: var(--link); background: var(--soft); }
.glyph svg { width: 21px; height: 21px; }
.kind, .step, .event .muted, .number { font-size: 12px; line-height: 1.35; color: var(--muted); overflow-wrap: anywhere; }
.title { font-weight: 620; font-size: 15px; line-height: 1.35; overflow-wrap: anywhere; }
.copy { width: 36px; height: 36px; border-radius: 10px; color: var(--muted); }
.status { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 10px; margin-top: 12px; }
.accent { --tone: var(--link); --tint: var(--soft); }
.good { --tone: var(--good); --tint: var(--good-soft); }
.warn { --tone: var(--warn); --tint: var(--warn-soft); }
.bad { --tone: var(--bad); --tint: var(--bad-soft); }
.off { --tone: var(--off); --tint: var(--off-soft); }
.pill { padding: 1px 10px; border-radius: 11px; font-size: 12px; font-weight: 620; color: var(--tone); background: var(--tint); white-space: nowrap; }
.lines { margin-top: 12px; border-top: 1px solid var(--line); }
.line { display: flex; gap: 10px; align-items: center; padding: 8px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.lines:last-child .line:last-child { border: 0; padding-bottom: 0; }
.amount { white-space: nowrap; }
.total { display: flex; padding-top: 10px; }
.more { display: flex; align-items: center; gap: 5px; min-height: 32px; font-size: 13px; color: var(--link); }
.headline { margin-top: 12px; font-size: 19px; line-height: 1.35; font-weight: 620; color: var(--tone); }
.headline.accent { color: inherit; }
.steps { display: flex; gap: 5px; margin-top: 12px; }
.step { flex: 1; }
.bar { display: block; height: 5px; border-radius: 3px; margin-bottom: 5px; background: var(--line); }
.done .bar, .now .bar { background: var(--tone); }
.now { color: inherit; font-weight: 620; }
.events { margin-top: 15px; }
.event { position: relative; display: flex; gap: 12px; padding-bottom: 12px; color: var(--muted); overflow-wrap: anywhere; }
.event:last-child { padding-bottom: 0; }
.event:not(:last-child)::before { content: ""; position: absolute; left: 5px; top: 14px; bottom: -5px; border-left: 2px solid var(--line); }
.event:first-child .what { color: var(--ink); font-weight: 620; }
.dot { position: relative; width: 12px; height: 12px; margin-top: 4px; border-radius: 50%; border: 2px solid var(--edge); background: var(--paper); flex: none; }
.event:first-child .dot { border-color: var(--tone); background: var(--tone); box-shadow: 0 0 0 4px var(--tint); }
.price { font-size: 19px; }
.facts { display: grid; grid-template-columns: auto 1fr; gap: 5px 14px; margin-top: 12px; padding-top: 12px; border-top: 1px solid var(--line); }
dt { color: var(--muted); }
dd { overflow-wrap: anywhere; }
.survey { align-items: center; }
.stars { display: flex; justify-content: center; margin-top: 6px; }
.star { width: 48px; height: 48px; border-radius: 12px; color: var(--muted); }
.star svg { width: 30px; height: 30px; }
.star.lit { color: var(--brass); }
.lit svg { fill: currentColor; }

.composer { padding: 10px 12px calc(12px + env(safe-area-inset-bottom, 0px)); border-top: 1px solid var(--line); }
.field { display: flex; align-items: flex-end; gap: 8px; padding: 4px 4px 4px 16px; border: 1px solid var(--edge); border-radius: 24px; }
.field:focus-within { border-color: var(--link); box-shadow: 0 0 0 1px var(--link); }
.field.over { border-color: var(--bad); box-shadow: 0 0 0 1px var(--bad); }
textarea { flex: 1; min-width: 0; max-height: 132px; margin: 8px 0; resize: none; font-size: 16px; line-height: 24px; scrollbar-width: thin; }
textarea:focus-visible { outline: none; }
textarea::placeholder { color: var(--muted); opacity: 1; }
.send { width: 40px; height: 40px; border-radius: 50%; color: var(--on-accent); background: var(--accent); }
.send:disabled { color: var(--muted); background: var(--off-soft); }
.count { padding: 5px 16px 0; font-size: 12px; color: var(--muted); text-align: end; }
.over + .count { color: var(--bad); font-weight: 620; }

@media ${PHONE} {
  .panel, .left .panel { inset: var(--above, 0) 0 auto; width: auto; max-width: none; height: var(--seen, 100dvh); border: 0; border-radius: 0; }
  .top { padding: calc(10px + env(safe-area-inset-top, 0px)) 6px 10px 14px; }
  .tool { height: 44px; }
  .chip { min-height: 44px; }
  .open .launcher { visibility: hidden; }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
`;
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(STYLE);

	// ── view ───────────────────────────────────────────────────────────────────────────────────
	const phone = matchMedia(PHONE);
	const touch = matchMedia("(pointer: coarse)");
	const label = (node, text) => node.setAttribute("aria-label", text);

	class FrontdeskChat extends HTMLElement {
		connectedCallback() {
			if (!this.shadowRoot) this.#build();
			this.leaving = new AbortController();
			const listen = { signal: this.leaving.signal };
			this.pageLanguage = new MutationObserver(() => this.#relocate());
			this.pageLanguage.observe(document.documentElement, { attributeFilter: ["lang"] });
			this.resized = new ResizeObserver(() => this.atEnd && this.#scrollTo());
			this.resized.observe(this.log);
			document.addEventListener("visibilitychange", () => this.#refresh(), listen);
			phone.addEventListener("change", () => this.#fit(), listen);
			for (const change of ["resize", "scroll"]) {
				window.visualViewport?.addEventListener(change, () => this.#fit(), listen);
			}
			this.isOpen = false;
			this.panel.hidden = true;
			this.#setLocale();
			this.setUser(script.dataset.user || null);
		}

		disconnectedCallback() {
			this.leaving.abort();
			this.pageLanguage.disconnect();
			this.resized.disconnect();
			this.conversation.stop();
			this.conversation = null;
			this.#lockPage(false);
		}

		#build() {
			this.badge = make("span.badge", { "aria-hidden": "true" });
			this.launcher = make("button.launcher", {
				"aria-haspopup": "dialog",
				click: () => (this.isOpen ? this.close() : this.open()),
			});
			this.name = make("div.name", { id: "name" });
			this.ownerLine = make("div.owner", { role: "status" });
			this.switcher = make("button.tool", { click: () => this.#switchLanguage() });
			this.closer = make("button.tool", { click: () => this.close() }, icon("close"));
			this.place = make("span.place", { "aria-hidden": "true" });
			this.queueLine = make("b");
			this.queueNote = make("span");
			this.again = make("button.act", { click: () => this.conversation.again() });
			this.told = make("span.grow");
			this.intro = make("div.intro");
			this.list = make("div");
			// The desk shows a sent message back: that one is read out, this one is not.
			this.waiting = make("div", { "aria-live": "off" });
			this.typing = make("div.typing", { role: "img" }, make("i"), make("i"), make("i"));
			this.log = make("div.log", { role: "log", tabindex: "0", scroll: () => this.#scrolled() }, [
				this.intro,
				this.list,
				this.waiting,
				this.typing,
			]);
			this.latest = make("button.latest", { click: () => this.#scrollTo() });
			this.input = make("textarea", {
				rows: "1",
				enterkeyhint: "send",
				"aria-describedby": "count",
				input: () => this.#typed(),
				keydown: (event) => this.#pressed(event),
			});
			this.sender = make("button.send", { click: () => this.#submit() }, icon("send"));
			this.field = make("div.field", this.input, this.sender);
			this.count = make("div.count", { id: "count", role: "status" });
			const queue = make("div.grow", this.queueLine, this.queueNote);
			this.strip = make("div.strip", { role: "status" }, this.place, queue);
			this.banner = make("div.banner", { role: "status" }, this.told, this.again);
			this.panel = make(
				"section.panel",
				{ role: "dialog", "aria-labelledby": "name", tabindex: "-1" },
				make(
					"header.top",
					make("span.crest", icon("bell")),
					make("div.grow", this.name, this.ownerLine),
					this.switcher,
					this.closer,
				),
				this.strip,
				this.banner,
				make("div.middle", this.log, this.latest),
				make("div.composer", this.field, this.count),
			);
			this.root = make("div.root", { keydown: (event) => this.#moved(event) });
			this.root.append(this.panel, this.launcher);
			this.root.classList.toggle("left", script.dataset.side === "left");
			this.attachShadow({ mode: "open" }).append(this.root);
			this.shadowRoot.adoptedStyleSheets = [sheet];
		}

		/** Go on as the shopper the token was signed for; null signs out and forgets them here. */
		setUser(token) {
			const before = this.conversation;
			if (before?.key === `${KEY}${subject(token)}`) {
				before.shopperToken = token;
				return;
			}
			before?.stop();
			if (!token) before?.erase();
			const conversation = new Conversation(token, this.locale, (what, detail) => {
				if (this.conversation === conversation) this.#heard(what, detail);
			});
			this.conversation = conversation;
			this.notice = "";
			this.atEnd = true;
			this.#redraw();
			this.#write(ofTab.read(`${conversation.key}:draft`) ?? "");
			if (this.isOpen || conversation.saved || conversation.outbox.length) conversation.start();
			if (ofTab.read(`${KEY}open`)) this.#show();
		}

		/** Open the chat; `draft` is put into the message field, unless the shopper wrote there. */
		open(draft) {
			const { value } = this.input;
			if (draft && (!value || value === this.draft)) this.#write((this.draft = String(draft)));
			this.#show();
			// On a touch screen, focus in the field would bring the keyboard up over the greeting.
			(touch.matches && !draft ? this.panel : this.input).focus();
		}

		close() {
			// What stood on the screen is read, though its frame may be still to come.
			if (this.isOpen) this.conversation?.read();
			const inside = this.shadowRoot.activeElement;
			this.isOpen = false;
			ofTab.write(`${KEY}open`, null);
			this.panel.hidden = true;
			this.root.classList.remove("open");
			this.#lockPage(false);
			this.#refresh();
			if (inside) this.launcher.focus();
		}

		#show() {
			this.isOpen = true;
			ofTab.write(`${KEY}open`, true);
			this.panel.hidden = false;
			this.root.classList.add("open");
			this.#fit();
			this.#typed();
			this.#scrollTo();
			this.conversation.start();
			this.#refresh();
		}

		#setLocale() {
			const page = [script.dataset.locale, document.documentElement.lang, ...navigator.languages];
			const tags = [lasting.read(`${KEY}locale`), ...page].map((tag) => tag?.slice(0, 2));
			this.locale = tags.find((tag) => LOCALES.includes(tag)) ?? "en";
			this.words = inLocale(WORDS, LOCALES.indexOf(this.locale));
			this.format = formats(this.words.tag);
		}

		#relocate() {
			const before = this.locale;
			this.#setLocale();
			if (this.locale !== before) this.#redraw();
		}

		#switchLanguage() {
			lasting.write(`${KEY}locale`, LOCALES[1 - LOCALES.indexOf(this.locale)]);
			this.#relocate();
		}

		#heard(what, detail) {
			if (what === "item") {
				this.#draw(detail);
				if (detail.sender !== "shopper") this.#setTyping(false);
			}
			if (what === "outbox") this.#drawOutbox();
			if (what === "typing") this.#setTyping(true);
			if (what === "renewed") {
				this.notice = detail ? this.words.renewed : "";
				this.#redraw();
			}
			if (what === "rejected") {
				const { outbox } = this.conversation;
				this.setUser(null);
				this.notice = this.words.rejected;
				this.conversation.deliver(...outbox);
				const options = { bubbles: true, composed: true };
				this.dispatchEvent(new CustomEvent("frontdesk-token-rejected", options));
			}
			if (!this.settled && this.conversation.link === "live") this.#settle();
			this.#refresh();
		}

		/** The past is replayed without being read out or animated; what comes after it is not. */
		#settle() {
			clearTimeout(this.settling);
			this.settling = setTimeout(() => this.#setSettled(true), REPLAY_QUIET);
		}

		#setSettled(settled) {
			clearTimeout(this.settling);
			this.settled = settled;
			this.log.setAttribute("aria-live", settled ? "polite" : "off");
			this.root.classList.toggle("settled", settled);
		}

		#redraw() {
			const { words, conversation } = this;
			this.#setSettled(false);
			conversation.locale = this.locale;
			this.root.lang = words.tag;
			this.name.textContent = script.dataset.name || words.title;
			this.switcher.textContent = words.other;
			this.switcher.lang = WORDS.tag.find((tag) => tag !== words.tag);
			label(this.switcher, words.switch);
			label(this.closer, words.close);
			label(this.log, words.log);
			label(this.input, words.write);
			label(this.sender, words.send);
			label(this.typing, words.typing);
			this.input.placeholder = words.write;
			this.again.textContent = words.retry;
			this.latest.replaceChildren(icon("down"), words.latest);
			const starters = words.starters.map((title) => ({ title }));
			this.starters = this.#choices(words.suggestions, starters);
			const intro = make("p.muted", words.intro);
			this.intro.replaceChildren(make("h2", words.hello), intro, this.starters);
			this.list.replaceChildren();
			this.waiting.replaceChildren();
			this.rows = new Map();
			for (const item of conversation.items) this.#draw(item);
			this.#drawOutbox();
			this.#setTyping(false);
			if (conversation.link === "live") this.#settle();
			this.#refresh();
		}

		#draw(item) {
			const row = item.kind === "survey" ? this.#surveyRow(item) : this.#messageRow(item);
			const { items } = this.conversation;
			const next = items[items.indexOf(item) + 1];
			this.list.insertBefore(row, this.rows.get(next) ?? null);
			this.rows.set(item, row);
			if (this.settled && item.sender !== "shopper") {
				row.classList.add("new");
				this.arrived ??= row;
			}
		}

		#messageRow(item) {
			const { words } = this;
			const sender = Object.hasOwn(words.sender, item.sender) ? item.sender : "system";
			const own = sender === "shopper" && [icon("check"), make("span.sr", words.state.sent)];
			return this.#row(
				sender,
				item.text,
				[this.format.time(item.at), own],
				drawCard(item.card, words, this.format),
				item.choices?.length && this.#choices(words.choices, item.choices),
			);
		}

		#row(sender, text, meta, ...more) {
			return make(
				`div.row.${sender}`,
				make("span.sr", `${this.words.sender[sender]}: `),
				text && make("div.bubble", { dir: "auto" }, linked(text)),
				...more,
				make("div.meta", ...meta.flat()),
			);
		}

		#choices(name, choices) {
			const chips = choices.map(({ id, title }) =>
				make("button.chip", { click: () => this.#say(title, id) }, title),
			);
			return make("div.choices", { role: "group", "aria-label": name }, chips);
		}

		#drawOutbox() {
			const { words, conversation } = this;
			const rows = conversation.outbox.map((message) => {
				const { state, text } = message;
				const failed = !["sending", "sent"].includes(state);
				const act = (name, does) => {
					const click = () => {
						this.input.focus();
						conversation[does](message);
					};
					return make("button.act", { click }, name);
				};
				const meta = [
					make("span", { role: failed ? "alert" : "status" }, words.state[state]),
					state === "failed" && act(words.retry, "deliver"),
					failed && act(words.remove, "drop"),
				];
				const row = this.#row("shopper", text, meta);
				row.classList.add(failed ? "failed" : state);
				return row;
			});
			this.waiting.replaceChildren(...rows);
		}

		#surveyRow({ survey }) {
			const { words, conversation } = this;
			const told = make("div.muted", { role: "status" });
			const light = (score, text) => {
				stars.forEach((star, at) => {
					star.classList.toggle("lit", at < score);
					star.disabled = score > 0;
				});
				told.textContent = text;
			};
			const stars = words.scores.map((name, at) => {
				const rate = async () => {
					light(at + 1, "");
					const saved = await conversation.rate(survey, at + 1).catch(() => false);
					light(saved ? at + 1 : 0, saved ? words.rated : words.unrated);
				};
				return make(
					"button.star",
					{ "aria-label": `${at + 1}: ${name}`, click: rate },
					icon("star"),
				);
			});
			const score = conversation.saved?.rated[survey] ?? 0;
			light(score, score ? words.rated : "");
			const group = make("div.stars", { role: "group", "aria-label": words.rate }, stars);
			return make("div.row.survey", make("b", words.rate), group, told);
		}

		#setTyping(on) {
			clearTimeout(this.typingEnds);
			this.typing.hidden = !on;
			if (on) this.typingEnds = setTimeout(() => this.#setTyping(false), TYPING_FOR);
		}

		/** Bring what depends on several things up to date, once a frame. */
		#refresh() {
			this.frame ??= requestAnimationFrame(() => {
				this.frame = null;
				if (!this.conversation) return;
				this.#drawDays();
				this.#offerChoices();
				this.#drawOwner();
				this.#drawLink();
				if (this.isOpen && !document.hidden) this.conversation.read();
				this.#drawLauncher();
				const { items, outbox } = this.conversation;
				this.starters.hidden = items.length + outbox.length > 0;
				if (this.atEnd) this.#scrollTo(this.arrived);
				this.arrived = null;
			});
		}

		#drawDays() {
			let today;
			for (const item of this.conversation.items) {
				const day = item.at && this.format.day(item.at);
				const { dataset } = this.rows.get(item);
				if (day && day !== today) dataset.day = today = day;
				else delete dataset.day;
			}
		}

		/** Only what was offered last can be chosen; the way back from the queue stays while it lasts. */
		#offerChoices() {
			const { items, outbox, owner } = this.conversation;
			let answer = outbox.find(({ state }) => state === "sending" || state === "sent");
			const superseded = new Set();
			for (const item of items.toReversed()) {
				if (item.sender === "shopper") answer = item;
				if (!item.choices?.length) continue;
				const kept = item.sender === "system" && owner.owner === "queue";
				const picked = item.choices.findIndex(({ title }) => title === answer?.text);
				const open = !superseded.has(kept) && picked < 0 && (kept || !answer);
				superseded.add(kept);
				[...this.rows.get(item).querySelectorAll(".chip")].forEach((chip, at) => {
					chip.disabled = !open;
					chip.classList.toggle("chosen", at === picked);
				});
			}
		}

		#drawOwner() {
			const { words } = this;
			const { link, owner } = this.conversation;
			const line = words.owner[owner.owner] ?? words.owner.agent;
			set(this.ownerLine, link === "opening" ? words.connecting : line);
			const queued = owner.owner === "queue";
			this.root.classList.toggle("queue", queued);
			this.strip.hidden = !queued;
			this.place.hidden = !owner.position;
			if (!queued) return;
			const { position, wait, ticket } = owner;
			const facts = [
				position && words.position(position),
				wait?.join && words.wait(wait.join("–")),
			];
			set(this.place, `${position}`);
			set(this.queueLine, facts.filter(Boolean).join(" · ") || words.owner.queue);
			set(this.queueNote, (ticket ? words.ticket(ticket) : "") + words.stay);
		}

		#drawLink() {
			const { words } = this;
			const { link, items, since } = this.conversation;
			const down = link === "down" && Date.now() - since > DOWN_AFTER;
			if (link === "down" && !down) setTimeout(() => this.#refresh(), DOWN_AFTER + 50);
			const lost = items.length ? words.down : words.unreachable;
			const text = !navigator.onLine ? words.offline : down ? lost : this.notice;
			set(this.told, text);
			this.banner.hidden = !text;
			this.again.hidden = text !== words.unreachable;
			this.root.classList.toggle("down", down || !navigator.onLine);
		}

		#drawLauncher() {
			const { words } = this;
			const unread = this.isOpen ? 0 : this.conversation.unread;
			this.launcher.replaceChildren(icon(this.isOpen ? "down" : "bell"), this.badge);
			this.badge.hidden = !unread;
			set(this.badge, unread > 99 ? "99+" : `${unread}`);
			const name = this.isOpen ? words.close : words.open;
			label(this.launcher, unread ? `${name}, ${words.unread(unread)}` : name);
			this.launcher.setAttribute("aria-expanded", this.isOpen);
		}

		#write(text) {
			this.input.value = text;
			this.#typed();
		}

		#typed() {
			const { input, words } = this;
			input.style.height = 0;
			input.style.height = `${Math.max(24, input.scrollHeight)}px`;
			const length = [...input.value.trim()].length;
			const over = length > MAX_CHARS;
			this.sender.disabled = over || !length;
			this.field.classList.toggle("over", over);
			const counted = over ? words.over(length - MAX_CHARS) : words.count(length);
			set(this.count, length < COUNT_FROM ? "" : counted);
			this.count.hidden = length < COUNT_FROM;
			ofTab.write(`${this.conversation.key}:draft`, input.value || null);
		}

		#pressed(event) {
			// Enter that ends an input method's composition is not for us; Safari says so by 229 only.
			if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229)
				return;
			event.preventDefault();
			this.#submit();
		}

		#submit() {
			if (this.sender.disabled) return;
			const text = this.input.value.trim();
			this.#write("");
			this.#say(text);
			this.input.focus();
		}

		#say(text, choice) {
			this.notice = "";
			this.atEnd = true;
			this.conversation.send(text, choice);
			// A used choice is disabled and would drop the focus.
			(touch.matches ? this.log : this.input).focus({ preventScroll: true });
		}

		#moved(event) {
			if (!this.isOpen || event.isComposing) return;
			if (event.key === "Escape") this.close();
			if (event.key !== "Tab" || !phone.matches) return;
			// The phone layout covers the page, so the focus stays in it.
			const stops = [...this.panel.querySelectorAll("button, textarea, a, [tabindex='0']")].filter(
				(node) => !node.disabled && node.checkVisibility(),
			);
			const [first, last] = [stops[0], stops.at(-1)];
			const at = this.shadowRoot.activeElement;
			if (event.shiftKey ? at === first || at === this.panel : at === last) {
				event.preventDefault();
				(event.shiftKey ? last : first).focus();
			}
		}

		#scrolled() {
			const { scrollHeight, scrollTop, clientHeight } = this.log;
			this.atEnd = scrollHeight - scrollTop - clientHeight < 60;
			this.latest.hidden = this.atEnd;
		}

		/** Scroll to the end, but not past the beginning of what has just arrived. */
		#scrollTo(arrived) {
			this.log.scrollTop = arrived ? arrived.offsetTop - 12 : this.log.scrollHeight;
			this.#scrolled();
		}

		/** On a phone, fill what the soft keyboard leaves of the screen. */
		#fit() {
			const covering = this.isOpen && phone.matches;
			this.panel.setAttribute("aria-modal", covering);
			this.#lockPage(covering);
			const { visualViewport: seen } = window;
			if (!covering || !seen) return;
			this.panel.style.setProperty("--above", `${seen.offsetTop}px`);
			this.panel.style.setProperty("--seen", `${seen.height}px`);
		}

		#lockPage(locked) {
			if (locked === "pageOverflow" in this) return;
			const { style } = document.documentElement;
			if (locked) this.pageOverflow = style.overflow;
			style.overflow = locked ? "hidden" : this.pageOverflow;
			if (!locked) delete this.pageOverflow;
		}
	}

	customElements.define("frontdesk-chat", FrontdeskChat);

	// ── page ───────────────────────────────────────────────────────────────────────────────────
	function begin() {
		const chat =
			document.querySelector("frontdesk-chat") ??
			document.body.appendChild(document.createElement("frontdesk-chat"));
		const calls = {
			setUser: (token) => chat.setUser(token || null),
			open: (draft) => chat.open(draft),
			close: () => chat.close(),
		};
		const push = ([call, ...rest]) => calls[call](...rest);
		const queued = window.frontdesk ?? [];
		window.frontdesk = Object.freeze({ ...calls, push });
		queued.forEach(push);
	}
	if (document.body) begin();
	else document.addEventListener("DOMContentLoaded", begin);
})();
