namespace DispatchCenter.Contracts;

/// <summary><c>GET /api/history</c>: the cases opened on some days, active or over, newest first.</summary>
/// <param name="From">The first day, Asia/Shanghai.</param>
/// <param name="To">The last one.</param>
/// <param name="Next">Pass this as <c>before</c> for the next page; null at the end.</param>
/// <param name="Total">The total; null if there are more than are counted.</param>
public sealed record HistoryView(DateOnly From, DateOnly To, int? Total, IReadOnlyList<CallCard> Calls, string? Next);

/// <summary><c>GET /api/stats</c>: when whistles arrived and how long their answers took, for valid cases opened on some days.</summary>
/// <param name="Cases">Valid cases: parent cases, not merged, withdrawn, declined or referred to the city, no drills.</param>
public sealed record StatsView(DateOnly From, DateOnly To, DateTimeOffset AsOf, int Cases, IReadOnlyList<ArrivalsView> Arrivals, IReadOnlyList<AnswerTimesView> Answers);

/// <summary>Whistles of one category by hour of day, Asia/Shanghai: 24 numbers.</summary>
public sealed record ArrivalsView(string Category, string Name, string NameEn, IReadOnlyList<int> Hours);

/// <summary>How long one kind of answer took at one level.</summary>
/// <param name="Kind">accept, arrive or resolve.</param>
/// <param name="Met">Answers given.</param>
/// <param name="Late">Given late, or not given and past due.</param>
/// <param name="Owed">Not given yet.</param>
/// <param name="Bins">Given answers by the wall-clock share of their limit: ten tenths, up to twice, more.</param>
/// <param name="P50">Seconds from the clock's start to the answer; null if none was given.</param>
/// <param name="Limit">The median limit in wall-clock seconds.</param>
public sealed record AnswerTimesView(string Kind, string Level, int Met, int Late, int Owed, IReadOnlyList<int> Bins, long? P50, long? P90, long? P99, long? Limit);

/// <summary><c>GET /api/today</c>: the day so far, for a wall. No cases, no people.</summary>
/// <param name="Day">The day, Asia/Shanghai.</param>
/// <param name="Received">The day's whistles, without drills.</param>
/// <param name="Over">Of these, over.</param>
/// <param name="Late">Of these, with an answer that was or is late.</param>
/// <param name="Hours">Whistles by hour: 24 numbers.</param>
public sealed record TodayView(DateOnly Day, DateTimeOffset AsOf, int Received, int Over, int Late, IReadOnlyList<int> Hours)
{
    /// <summary>The kind of post that leads the street now: leader, or streetDesk while no leader is on duty; null if nobody of the street is.</summary>
    public string? LedBy { get; init; }
}

/// <summary><c>GET /api/audit/journal?from=&amp;to=&amp;by=&amp;what=&amp;callNo=&amp;before=</c>, for auditors: the lines of the journal that match, newest first.</summary>
public sealed record AuditView(IReadOnlyList<AuditLine> Entries, long? Next);

/// <summary>One line of the journal, without the case.</summary>
public sealed record AuditLine(long Seq, DateTimeOffset At, string CallNo, int Version, string What, string? Answer, DateTimeOffset? Due, string By, IReadOnlyList<string> Detail);

/// <summary><c>GET /api/reads?from=&amp;to=&amp;by=&amp;what=&amp;callNo=&amp;before=</c>, for auditors: who viewed the texts and personal data of which case, newest first.</summary>
public sealed record ReadsView(IReadOnlyList<ReadLine> Reads, long? Next);

/// <param name="By">The kind of post, or the called party's answer.</param>
/// <param name="Post">The post, an opaque id.</param>
/// <param name="Looked">detail, contact, photo or held.</param>
public sealed record ReadLine(long Id, DateTimeOffset At, string By, string Post, string CallNo, string Looked, string? Reason);
