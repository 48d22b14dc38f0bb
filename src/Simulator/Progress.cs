namespace DispatchCenter.Simulator;

/// <summary>Progress of a running run; values may be slightly stale.</summary>
internal sealed class Progress(
    IReadOnlyList<Whistle> whistles, Residents residents, Patience patience, IReadOnlyList<ScreenLog> screens, IReadOnlyList<MemberLog> members)
{
    /// <summary>The latest whistles, for the current figures.</summary>
    private const int Recent = 500;

    private readonly ILookup<string?, MemberLog> _team = members.ToLookup(m => m.Member.Team);
    private long _lookedAt = TimeProvider.System.GetTimestamp();
    private int _sentThen;
    private long _deliveredThen;

    public Look Now()
    {
        var (sent, at, delivered) = (residents.Sent, TimeProvider.System.GetTimestamp(), screens.Sum(s => s.Deliveries));
        var seconds = Math.Max(0.001, TimeProvider.System.GetElapsedTime(_lookedAt, at).TotalSeconds);
        var recent = whistles.Take(sent).TakeLast(Recent).Where(w => w.Receipt is not null && w.AcknowledgedAt != 0).ToArray();
        var look = new Look
        {
            Whistles = whistles.Count,
            Sent = sent,
            Acknowledged = residents.Acknowledged,
            WhistlesPerSecond = (sent - _sentThen) / seconds,
            DeliveriesPerSecond = (delivered - _deliveredThen) / seconds,
            Retries = patience.Retries,
            Busy = patience.Busy,
            Connected = screens.Count(s => s.IsConnected),
            Watchers = screens.Count,
            Lag = Percentiles.Of(recent.Select(w => Between(w.IntendedAt, w.StartedAt)))?.P99,
            Acknowledgement = Percentiles.Of(recent.Select(w => Between(w.IntendedAt, w.AcknowledgedAt)))?.P99,
            ToTeam = Percentiles.Of(recent.SelectMany(Sights))?.P99,
            Faults = screens.Sum(s => s.Gaps.Count + s.OutOfOrder.Count) + members.Sum(m => m.WrongPushes.Count + m.OffDutyRings.Count),
        };
        (_lookedAt, _sentThen, _deliveredThen) = (at, sent, delivered);
        return look;
    }

    private IEnumerable<TimeSpan> Sights(Whistle whistle) =>
        from member in _team[whistle.Team]
        let at = member.Screen.FirstSeen(whistle.Receipt!.CallNo)
        where at is not null
        select Between(whistle.IntendedAt, at.Value);

    private static TimeSpan Between(long from, long to) => TimeProvider.System.GetElapsedTime(from, to);
}

/// <summary>Current figures. Percentiles are p99 of the latest whistles, in milliseconds; null if there are none.</summary>
internal sealed record Look
{
    public required int Whistles { get; init; }

    public required int Sent { get; init; }

    public required int Acknowledged { get; init; }

    public required double WhistlesPerSecond { get; init; }

    public required double DeliveriesPerSecond { get; init; }

    public required int Retries { get; init; }

    public required int Busy { get; init; }

    public required int Connected { get; init; }

    public required int Watchers { get; init; }

    public required double? Lag { get; init; }

    public required double? Acknowledgement { get; init; }

    public required double? ToTeam { get; init; }

    /// <summary>Seen by watchers so far; the journal decides at the end.</summary>
    public required int Faults { get; init; }
}
