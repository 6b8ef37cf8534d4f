/** Emoji by their short names: those that apps use. Others stay as they are typed. */

const EMOJI = {
  smile: "😄", smiley: "😃", slightly_smiling_face: "🙂", grinning: "😀", wink: "😉", blush: "😊", joy: "😂",
  sweat_smile: "😅", thinking_face: "🤔", neutral_face: "😐", confused: "😕", cry: "😢", sob: "😭", tired_face: "😫",
  sleeping: "😴", sunglasses: "😎", heart_eyes: "😍", rocket: "🚀", tada: "🎉", fire: "🔥", star: "⭐", sparkles: "✨",
  heart: "❤️", green_heart: "💚", yellow_heart: "💛", blue_heart: "💙", eyes: "👀", wave: "👋", pray: "🙏",
  clap: "👏", raised_hands: "🙌", raised_hand: "✋", raising_hand: "🙋", muscle: "💪", ok_hand: "👌", point_right: "👉",
  point_left: "👈", point_up: "☝️", point_down: "👇", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎",
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", negative_squared_cross_mark: "❎",
  warning: "⚠️", no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", exclamation: "❗", question: "❓",
  grey_question: "❔", information_source: "ℹ️", bulb: "💡", bell: "🔔", no_bell: "🔕", mega: "📣", loudspeaker: "📢",
  speech_balloon: "💬", thought_balloon: "💭", red_circle: "🔴", large_yellow_circle: "🟡", large_green_circle: "🟢",
  large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫", large_orange_circle: "🟠", large_red_square: "🟥",
  large_green_square: "🟩", large_yellow_square: "🟨", hourglass: "⌛", hourglass_flowing_sand: "⏳", stopwatch: "⏱️",
  alarm_clock: "⏰", timer_clock: "⏲️", clock1: "🕐", clock3: "🕒", clock6: "🕕", clock9: "🕘", clock12: "🕛",
  calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️", memo: "📝", pencil: "📝", pencil2: "✏️", clipboard: "📋",
  page_facing_up: "📄", bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉",
  file_folder: "📁", open_file_folder: "📂", paperclip: "📎", link: "🔗", pushpin: "📌", round_pushpin: "📍",
  mag: "🔍", key: "🔑", lock: "🔒", unlock: "🔓", gear: "⚙️", wrench: "🔧", hammer_and_wrench: "🛠️", package: "📦",
  email: "📧", envelope: "✉️", phone: "☎️", iphone: "📱", computer: "💻", desktop_computer: "🖥️", video_camera: "📹",
  movie_camera: "🎥", microphone: "🎤", headphones: "🎧", satellite_antenna: "📡", electric_plug: "🔌", door: "🚪",
  runner: "🏃", running: "🏃", walking: "🚶", busts_in_silhouette: "👥", bust_in_silhouette: "👤", teacher: "🧑‍🏫",
  student: "🧑‍🎓", mortar_board: "🎓", school: "🏫", books: "📚", book: "📖", coffee: "☕", palm_tree: "🌴",
  house: "🏠", office: "🏢", earth_africa: "🌍", sunny: "☀️", cloud: "☁️", zap: "⚡", snowflake: "❄️", ocean: "🌊",
  seedling: "🌱", four_leaf_clover: "🍀", gift: "🎁", trophy: "🏆", medal: "🏅", dart: "🎯", robot_face: "🤖",
  ghost: "👻", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", arrows_counterclockwise: "🔄",
  repeat: "🔁", fast_forward: "⏩", rewind: "⏪", double_vertical_bar: "⏸️", arrow_forward: "▶️", heavy_plus_sign: "➕",
  heavy_minus_sign: "➖", "100": "💯", one: "1️⃣", two: "2️⃣", three: "3️⃣", four: "4️⃣", five: "5️⃣", new: "🆕", ok: "🆗",
  sos: "🆘", zzz: "💤", checkered_flag: "🏁", triangular_flag_on_post: "🚩", ticket: "🎫", receipt: "🧾", moneybag: "💰",
  hugging_face: "🤗", see_no_evil: "🙈", crossed_fingers: "🤞", handshake: "🤝", v: "✌️", wastebasket: "🗑️", bug: "🐛",
};

/** The emoji of a short name, or nothing. */
export const emojiOf = (name) => (Object.hasOwn(EMOJI, name) ? EMOJI[name] : undefined);

/** The text with all short names that are known replaced. */
export const withEmoji = (text) => text.replace(/:([\w+'-]+):/g, (whole, name) => emojiOf(name) ?? whole);
