namespace DispatchCenter.Domain.Rates;

/// <summary>A rate with its 95 % interval. Null if there is nothing to count.</summary>
/// <param name="Of">The denominator.</param>
public readonly record struct Rate(double? Value, double? Low, double? High, int Of)
{
    /// <summary>The two-sided 95 % quantile of the normal distribution.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>
    /// Wilson's interval. For a mean of scores between 0 and 1, the sum replaces the number of hits: such scores never vary more than hits with
    /// the same mean, so the interval is at least as wide as necessary.
    /// </summary>
    public static Rate Wilson(double sum, int of)
    {
        if (of == 0) return new Rate(null, null, null, 0);
        var (p, zz) = (sum / of, Z * Z);
        var (centre, half) = (p + (zz / (2 * of)), Z * Math.Sqrt((p * (1 - p) / of) + (zz / (4.0 * of * of))));
        var whole = 1 + (zz / of);
        return new Rate(p, Math.Clamp((centre - half) / whole, 0, p), Math.Clamp((centre + half) / whole, p, 1), of);
    }
}

/// <summary>The three rates (三率) of a set of cases and related figures, in whole numbers, so the order of counting does not matter.</summary>
public sealed record Figures
{
    /// <summary>With fewer valid cases there is no ranking.</summary>
    public const int RankedFrom = 20;

    public static readonly Figures None = new();

    /// <summary>The number of cases behind each figure that links to its rows: valid, late, and the base of each rate.</summary>
    private static readonly Dictionary<string, Func<Figures, int>> Counts = new(StringComparer.Ordinal)
    {
        ["cases"] = f => f.Cases,
        ["breached"] = f => f.Breached,
        ["response"] = f => f.R.Of,
        ["solved"] = f => f.S.Of,
        ["satisfied"] = f => f.M.Of,
        ["resolvedOnTime"] = f => f.Resolution.Of,
        ["callback"] = f => f.Callback.Of,
        ["firstTeam"] = f => f.FirstTeam.Of,
        ["returned"] = f => f.Returns.Of,
        ["redone"] = f => f.Redoing.Of,
    };

    /// <summary>Valid cases.</summary>
    public int Cases { get; init; }

    /// <summary>Cases with an answer that missed its due time, exempt or not.</summary>
    public int Breached { get; init; }

    /// <summary>Past their 到场 due time, without exempt ones.</summary>
    public int ResponseDue { get; init; }

    public int ResponseKept { get; init; }

    public int ResponseExempt { get; init; }

    public int Reached { get; init; }

    public int Solved { get; init; }

    public int Rated { get; init; }

    public int Satisfied { get; init; }

    public int MostlySatisfied { get; init; }

    public int Accepted { get; init; }

    public int Returned { get; init; }

    public int Resolved { get; init; }

    public int FirstHands { get; init; }

    public int Redone { get; init; }

    public int Verified { get; init; }

    public int CalledBack { get; init; }

    /// <summary>Past their first 办结 due time, without exempt ones.</summary>
    public int ResolutionDue { get; init; }

    public int ResolutionKept { get; init; }

    public TimeParts Time { get; init; }

    /// <summary>响应率.</summary>
    public Rate R => Rate.Wilson(ResponseKept, ResponseDue);

    /// <summary>解决率.</summary>
    public Rate S => Rate.Wilson(Solved, Reached);

    /// <summary>满意率: the mean of 1 for 满意, 0.8 for 基本满意 and 0.</summary>
    public Rate M => Rate.Wilson(((10 * Satisfied) + (8 * MostlySatisfied)) / 10.0, Rated);

    /// <summary>回访率: called back or rated unprompted, of those past 核查.</summary>
    public Rate Callback => Rate.Wilson(CalledBack, Verified);

    /// <summary>首派准确率: resolved by the first team that rang and accepted, of the resolved.</summary>
    public Rate FirstTeam => Rate.Wilson(FirstHands, Resolved);

    /// <summary>退单率, of the accepted.</summary>
    public Rate Returns => Rate.Wilson(Returned, Accepted);

    /// <summary>重办率, of the resolved.</summary>
    public Rate Redoing => Rate.Wilson(Redone, Resolved);

    /// <summary>按时办结率.</summary>
    public Rate Resolution => Rate.Wilson(ResolutionKept, ResolutionDue);

    /// <summary>
    /// 100 · (0.30 R + 0.35 S + 0.35 M); null unless all three exist. Its interval combines their bounds, so it is wider than 95 %.
    /// </summary>
    public Rate Score => R is { Value: { } r } && S is { Value: { } s } && M is { Value: { } m }
        ? new Rate(Weigh(r, s, m), Weigh(R.Low!.Value, S.Low!.Value, M.Low!.Value), Weigh(R.High!.Value, S.High!.Value, M.High!.Value), Cases)
        : new Rate(null, null, null, Cases);

    /// <summary>Whether there is a figure with this code.</summary>
    public static bool Has(string code) => Counts.ContainsKey(code);

    /// <summary>Whether a case counts in a street figure, found by computing the figure for this case alone.</summary>
    public static bool Counted(string code, RateCase call, DateTimeOffset asOf) => Counts[code](None.Plus(call, asOf, ofTeam: false)) > 0;

    /// <summary>Counts a case as of an instant; invalid cases are not counted.</summary>
    /// <param name="ofTeam">For the team that leads it: waiting for a department is not charged.</param>
    public Figures Plus(RateCase call, DateTimeOffset asOf, bool ofTeam)
    {
        if (!call.IsValid) return this;
        var (response, resolution) = (call.Response(asOf, ofTeam), call.Resolution(asOf, ofTeam));
        return new Figures
        {
            Cases = Cases + 1,
            Breached = Breached + One(call.Breached(asOf)),
            ResponseDue = ResponseDue + One(response is Promise.Kept or Promise.Broken),
            ResponseKept = ResponseKept + One(response == Promise.Kept),
            ResponseExempt = ResponseExempt + One(response == Promise.Exempt),
            Reached = Reached + One(call.Solved is not null),
            Solved = Solved + One(call.Solved is true),
            Rated = Rated + One(call.Satisfaction is not null),
            Satisfied = Satisfied + One(call.Satisfaction == "satisfied"),
            MostlySatisfied = MostlySatisfied + One(call.Satisfaction == "mostlySatisfied"),
            Accepted = Accepted + One(call.Accepted),
            Returned = Returned + One(call is { Returned: true, Accepted: true }),
            Resolved = Resolved + One(call.Resolved),
            FirstHands = FirstHands + One(call.FirstHands),
            Redone = Redone + One(call is { Redone: true, Resolved: true }),
            Verified = Verified + One(call.Verified),
            CalledBack = CalledBack + One(call is { CalledBack: true, Verified: true }),
            ResolutionDue = ResolutionDue + One(resolution is Promise.Kept or Promise.Broken),
            ResolutionKept = ResolutionKept + One(resolution == Promise.Kept),
            Time = Time + call.Parts(asOf),
        };
    }

    private static double Weigh(double r, double s, double m) => (30 * r) + (35 * s) + (35 * m);

    private static int One(bool yes) => yes ? 1 : 0;
}
