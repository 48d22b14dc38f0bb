namespace DispatchCenter.Contracts;

/// <summary><c>GET /api/history</c>: the cases whistled on some days, open or over, the newest first.</summary>
/// <param name="From">The first day, Asia/Shanghai.</param>
/// <param name="To">The last one.</param>
/// <param name="Next">Ask again with <c>before</c> this for what comes next; null at the end.</param>
/// <param name="Total">How many there are in all; null where they are more than are counted.</param>
public sealed record HistoryView(DateOnly From, DateOnly To, int? Total, IReadOnlyList<CallCard> Calls, string? Next);

/// <summary><c>GET /api/stats</c>: when whistles came and how long their answers took, of valid cases whistled on some days.</summary>
/// <param name="Cases">Valid cases: parents, not merged, withdrawn, declined or handed up, no drill.</param>
public sealed record StatsView(DateOnly From, DateOnly To, DateTimeOffset AsOf, int Cases, IReadOnlyList<ArrivalsView> Arrivals, IReadOnlyList<AnswerTimesView> Answers);

/// <summary>Whistles of one category by the hour of their day, Asia/Shanghai: 24 numbers.</summary>
public sealed record ArrivalsView(string Category, string Name, string NameEn, IReadOnlyList<int> Hours);

/// <summary>How long one kind of answer took at one level.</summary>
/// <param name="Kind">accept, arrive or resolve.</param>
/// <param name="Met">Answers given.</param>
/// <param name="Late">Given after their due, or owed and past it.</param>
/// <param name="Owed">Not given yet.</param>
/// <param name="Bins">Answers given, by the share of their limit that they took on the clock on the wall: ten tenths, up to twice, more.</param>
/// <param name="P50">Seconds from the clock's beginning to the answer; null where none was given.</param>
/// <param name="Limit">The median of the limits in seconds on the wall.</param>
public sealed record AnswerTimesView(string Kind, string Level, int Met, int Late, int Owed, IReadOnlyList<int> Bins, long? P50, long? P90, long? P99, long? Limit);

/// <summary><c>GET /api/today</c>: the day so far, for a wall. No case, no person.</summary>
/// <param name="Day">The day, Asia/Shanghai.</param>
/// <param name="Received">Whistles of the day, drills aside.</param>
/// <param name="Over">Of these, over.</param>
/// <param name="Late">Of these, with an answer that came late or is.</param>
/// <param name="Hours">Whistles by hour: 24 numbers.</param>
public sealed record TodayView(DateOnly Day, DateTimeOffset AsOf, int Received, int Over, int Late, IReadOnlyList<int> Hours);

/// <summary><c>GET /api/reads?before=&amp;callNo=</c>, for auditors: who looked at the words and persons of which case, the newest first.</summary>
public sealed record ReadsView(IReadOnlyList<ReadLine> Reads, long? Next);

/// <param name="By">The kind of post, or the called party's answer.</param>
/// <param name="Post">The post, an opaque id.</param>
/// <param name="Looked">detail or contact.</param>
public sealed record ReadLine(long Id, DateTimeOffset At, string By, string Post, string CallNo, string Looked, string? Reason);
