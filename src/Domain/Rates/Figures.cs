namespace DispatchCenter.Domain.Rates;

/// <summary>A rate with its 95 % interval. Null where there is nothing to count.</summary>
/// <param name="Of">The denominator.</param>
public readonly record struct Rate(double? Value, double? Low, double? High, int Of)
{
    /// <summary>The two-sided 95 % quantile of the normal distribution.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>
    /// Wilson's interval. Of a mean of scores between 0 and 1 the sum takes the place of the hits: no such scores vary more than hits of
    /// the same mean do, so the interval is at least as wide as it has to be.
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

/// <summary>The three rates (三率) of some cases and what is shown beside them, in whole numbers, so that any order of counting gives the same.</summary>
public sealed record Figures
{
    /// <summary>Fewer valid cases than this are not ranked.</summary>
    public const int RankedFrom = 20;

    public static readonly Figures None = new();

    /// <summary>How many cases stand under each figure that leads to its rows: the valid, the late, and what each rate is counted of.</summary>
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

    /// <summary>With an answer that was not given by its due, exempt or not.</summary>
    public int Breached { get; init; }

    /// <summary>Past their 到场 due, exempt ones aside.</summary>
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

    /// <summary>Past their first 办结 due, exempt ones aside.</summary>
    public int ResolutionDue { get; init; }

    public int ResolutionKept { get; init; }

    public TimeParts Time { get; init; }

    /// <summary>响应率.</summary>
    public Rate R => Rate.Wilson(ResponseKept, ResponseDue);

    /// <summary>解决率.</summary>
    public Rate S => Rate.Wilson(Solved, Reached);

    /// <summary>满意率: the mean of 1 for 满意, 0.8 for 基本满意 and 0.</summary>
    public Rate M => Rate.Wilson(((10 * Satisfied) + (8 * MostlySatisfied)) / 10.0, Rated);

    /// <summary>回访率: called back, or spoken by themselves, of those past 核查.</summary>
    public Rate Callback => Rate.Wilson(CalledBack, Verified);

    /// <summary>首派准确率: of the resolved, dealt with by the first team that was rung and took it.</summary>
    public Rate FirstTeam => Rate.Wilson(FirstHands, Resolved);

    /// <summary>退单率: of the accepted.</summary>
    public Rate Returns => Rate.Wilson(Returned, Accepted);

    /// <summary>重办率: of the resolved.</summary>
    public Rate Redoing => Rate.Wilson(Redone, Resolved);

    /// <summary>按时办结率.</summary>
    public Rate Resolution => Rate.Wilson(ResolutionKept, ResolutionDue);

    /// <summary>
    /// 100 · (0.30 R + 0.35 S + 0.35 M); null unless all three are there. Its interval is made of their bounds, so it is wider than 95 %.
    /// </summary>
    public Rate Score => R is { Value: { } r } && S is { Value: { } s } && M is { Value: { } m }
        ? new Rate(Weigh(r, s, m), Weigh(R.Low!.Value, S.Low!.Value, M.Low!.Value), Weigh(R.High!.Value, S.High!.Value, M.High!.Value), Cases)
        : new Rate(null, null, null, Cases);

    /// <summary>Whether there is a figure with this code.</summary>
    public static bool Has(string code) => Counts.ContainsKey(code);

    /// <summary>Whether a case stands under a figure of the street: the figure is made of this one case alone, and has counted it or not.</summary>
    public static bool Counted(string code, RateCase call, DateTimeOffset asOf) => Counts[code](None.Plus(call, asOf, ofTeam: false)) > 0;

    /// <summary>Counts a case as it stands at an instant; one that is not valid is not counted.</summary>
    /// <param name="ofTeam">For the team that has it: waiting for a department is not charged.</param>
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
