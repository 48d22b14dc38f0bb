using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>Judges a field run: which exceptions are in the journal, and whether the server's rates match it.</summary>
internal sealed class FieldJudge
{
    private const string Clock = "clock";

    /// <summary>Each exception, and how to recognise it in the journal.</summary>
    private static readonly (string Name, Func<JournalLine, bool> Tells)[] _exceptions =
    [
        ("taken down for a caller", l => l.What == Whats.Whistled && l.By != Promises.Caller && !l.Card!.Flags.Contains(CallFlags.Child)),
        ("drill", l => l.What == Whats.Whistled && l.Card!.Flags.Contains(CallFlags.Drill)),
        ("return", l => l.What == "returned"),
        ("designation", l => l.What == "designated" && !l.Detail.Any(d => d.StartsWith("from:", StringComparison.Ordinal))),
        ("reassignment", l => l.What == "designated" && l.Detail.Any(d => d.StartsWith("from:", StringComparison.Ordinal))),
        ("recusal", l => l.What == Whats.Recused && !l.Detail.Contains("recused:lead")),
        ("recusal of a lead", l => l.What == Whats.Recused && l.Detail.Contains("recused:lead")),
        ("recusal of property", l => l.What == Whats.Whistled && l.Card!.Flags.Contains(CallFlags.PropertyRecused)),
        ("correction", l => l.What == "corrected"),
        ("second whistle", l => l.What == "summoned"),
        ("answer by link", l => l.What == "attended" && l.By.StartsWith("party-", StringComparison.Ordinal)),
        ("answer told to a desk", l => l.What == "attended" && !l.By.StartsWith("party-", StringComparison.Ordinal)),
        ("party finished", l => l.What == "finished" && l.By.StartsWith("party-", StringComparison.Ordinal)),
        ("party disclaimed", l => l.What == "disclaimed"),
        ("call for help", l => l.What == "helpCalled"),
        ("help that comes", l => l.What == "helpComes"),
        ("help that cannot come", l => l.What == "helpDeclined"),
        ("words for the caller", l => l.What == "toldCaller"),
        ("release", l => l.What == "released"),
        ("suspension", l => l.What == "granted" && l.Detail.Contains("petition:suspension")),
        ("end of a suspension by its clock", l => l.What == "resumed" && l.By == Clock),
        ("resumption", l => l.What == "resumed" && l.By != Clock),
        ("extension", l => l.What == "granted" && l.Detail.Contains("petition:extension")),
        ("denial", l => l.What == "denied"),
        ("difficult", l => l.What == "difficult"),
        ("handed up", l => l.What == "handedUp"),
        ("emergency call", l => l.What == "emergencyConfirmed"),
        ("child case", l => l.What == "childOpened"),
        ("decline", l => l.What == "declined"),
        ("withdrawal", l => l.What == Whats.Withdrawn),
        ("withdrawal where others joined", l => l.What == Whats.Noted && l.Detail.Contains("callerWithdrew")),
        ("merge", l => l.What == "merged" && l.By != Promises.Caller),
        ("me too", l => l.What == "merged" && l.By == Promises.Caller),
        ("unmerge", l => l.What == "unmerged"),
        ("failed verification", l => l.What == Whats.Rejected),
        ("callback reached", l => l.Detail.Contains("outcome:reached")),
        ("callback without answer", l => l.Detail.Contains("outcome:noAnswer")),
        ("callback refused", l => l.Detail.Contains("outcome:refused")),
        ("reopening", l => l.What == Whats.Reopened),
        ("second reopening a tier up", l => l.What == Whats.Reopened && l.Detail.Any(d => d.StartsWith("lead:", StringComparison.Ordinal))),
        ("silent caller", l => l.What == Whats.Closed && l.Detail.Contains("unrated")),
        ("exemption", l => l.What == "exempted"),
        ("exemption denied", l => l.What == "exemptionDenied"),
        ("lapse", l => l.What == "lapsed"),
        ("late arrival taken over", l => l is { What: "lapsed", Answer: "arrive" } && l.Detail.Contains("lead:community")),
        ("street designates at twice the limit", l => l.What == "doubleLapsed"),
        ("supervision", l => l.What == "lapsed" && l.Detail.Contains("supervised")),
    ];

    private readonly int[] _used = new int[_exceptions.Length];
    private readonly RatesOracle _oracle = new();
    private readonly Patience _patience = new(TimeProvider.System, Patience.DefaultBudget);

    /// <summary>The instant of the rates: everything before it is on disk.</summary>
    public DateTimeOffset? AsOf { get; set; }

    public void Add(JournalLine line)
    {
        if (line.Kind is not null) return;
        _oracle.Add(line);
        for (var i = 0; i < _exceptions.Length; i++)
            if (_exceptions[i].Tells(line)) _used[i]++;
    }

    /// <param name="isField">The run was to bring cases past their arrival.</param>
    /// <exception cref="BadInputException">The rates cannot be read.</exception>
    public async Task<FieldEvidence> Judge(StreetApi api, string token, TextWriter output, bool isField = true)
    {
        var (rates, used) = (new Faults(), _exceptions.Zip(_used).ToDictionary(e => e.First.Name, e => e.Second));
        if (AsOf is not { } asOf || _oracle.Days is not var (from, to)) return new FieldEvidence(used, rates);
        var compared = 0;
        foreach (var by in RatesOracle.Ways)
        {
            var view = await _patience.Persist(() => api.Rates(from, to, by, asOf, token, CancellationToken.None), CancellationToken.None);
            if (view.Value is not { } figures) throw new BadInputException($"The rates by {by} cannot be read ({view.Code}).");
            compared += figures.Groups.Count;
            rates.Check(figures.Groups.Count);
            foreach (var difference in _oracle.Differences(figures)) rates.Add(difference);
        }

        var (cases, due) = _oracle.Weight(asOf);
        output.WriteLine($"rates: {compared} lines of {RatesOracle.Ways.Count} tables held against the journal as of {asOf:O}; {cases} valid cases, {due} past their arrival");
        if (isField && due == 0) rates.Add("no case is past its arrival: nothing was proved about 响应率");
        return new FieldEvidence(used, rates);
    }
}
