namespace DispatchCenter.Simulator.Scenarios;

/// <summary>Reads a scenario file; <c>docs/simulator.md</c> describes its form.</summary>
internal sealed class ScenarioReader
{
    /// <summary>The form's version; a file of a later one is refused.</summary>
    public const int Form = 1;

    public const int MaxWaves = 100, MaxEvents = 200, MaxShape = 400, MaxWords = 16, LongestText = 200, LongestWord = 60;

    private static readonly TimeSpan _longest = TimeSpan.FromDays(400), _shortest = TimeSpan.FromSeconds(1);
    private static readonly string[] _kinds = ["gridWorker", "property", "buildingHead", "police", "communityDesk", "streetDesk", "leader"];

    private readonly string _name;

    private ScenarioReader(string name) => _name = name;

    /// <param name="file">Its name in messages.</param>
    /// <exception cref="BadInputException">The first thing that is wrong, with file, line, column, member, and what would be allowed.</exception>
    public static ScenarioDocument Read(ReadOnlySpan<byte> text, string name, string file) =>
        new ScenarioReader(name).Read(NodeReader.Read(text, file), file, System.Text.Encoding.UTF8.GetString(text));

    private ScenarioDocument Read(Node root, string file, string text)
    {
        var fields = new Fields(file, root, "scenario", "title", "life", "speed", "people", "whistles", "errands", "callouts", "shifts", "faults", "watchers", "gateways");
        fields.Whole("scenario", Form, Form);
        var title = fields.Find("title") is { } both ? new Fields(file, both, "zh", "en") : throw fields.Missing("title", "an object with zh and en");
        var (zh, en) = (title.Text("zh", LongestText), title.Text("en", LongestText));
        if (fields.Find("gateways") is not { } gateways) return StreetDay(fields, file, text, zh, en);
        _ = new Fields(file, root, "scenario", "title", "gateways"); // played against a server of its own, so nothing else can be asked
        var played = new Fields(file, gateways, "calls", "faults", "kills");
        return new ScenarioDocument.LyingGateways(_name, text, zh, en, played.Whole("calls", 1, 100_000), played.Number("faults", 0, 0.9), played.Whole("kills", 0, 20, 0));
    }

    private ScenarioDocument.StreetDay StreetDay(Fields fields, string file, string text, string zh, string en)
    {
        var life = fields.Time("life", _shortest, _longest);
        var waves = fields.List("whistles", MaxWaves, node => Wave(file, node, life));
        if (waves.Count == 0) throw fields.Missing("whistles", $"a list of 1 to {MaxWaves}");
        if (waves.Sum(w => (long)w.Count) > Arrivals.MaxRows) throw fields.Refuse("whistles", $"{Arrivals.MaxRows} whistles in all, at most");
        var watchers = fields.Find("watchers") is { } some ? new Fields(file, some, "boards", "teams", "pages") : null;
        return new ScenarioDocument.StreetDay(_name, text, zh, en)
        {
            Life = life,
            Speed = fields.Number("speed", 0.001, RunOptions.MaxSpeed, 1),
            IsHuman = fields.Word("people", "human", "human", "hurried") == "human",
            Waves = waves,
            Errands = fields.Number("errands", 0, 1, 0),
            Callouts = fields.List("callouts", MaxEvents, node => Callout(file, node, life)),
            Shifts = Apart(fields, fields.List("shifts", MaxEvents, node => Shift(file, node, life))),
            Faults = fields.List("faults", MaxEvents, node => Fault(file, node, life)),
            Boards = watchers?.Whole("boards", 0, RunOptions.MaxWatchers, 0) ?? 0,
            TeamWatchers = watchers?.Whole("teams", 0, RunOptions.MaxWatchers, 0) ?? 0,
            Pages = watchers?.Whole("pages", 0, RunOptions.MaxWatchers, 0) ?? 0,
        };
    }

    private static Wave Wave(string file, Node node, TimeSpan life)
    {
        var fields = new Fields(file, node, "count", "from", "until", "shape", "categories", "danger", "same", "grids");
        var from = fields.Time("from", TimeSpan.Zero, life, TimeSpan.Zero);
        var until = fields.Time("until", TimeSpan.Zero, life, life);
        if (until <= from) throw fields.Refuse(fields.Has("until") ? "until" : "from", "a time so that until is after from");
        var shape = fields.List("shape", MaxShape, part => part is Node.Number { Value: >= 0 and <= 1_000_000 } weight ? weight.Value : throw fields.Refuse(part, "a number from 0 to 1000000"));
        if (shape.Count > 0 && shape.Sum() <= 0) throw fields.Refuse("shape", "a list of weights of which one is above 0");
        return new Wave(
            fields.Whole("count", 1, Arrivals.MaxRows), from, until, shape, [.. fields.Numbers("categories", 1, 1_000_000).Select(c => (c.Name, (int)c.Value))],
            fields.Has("danger") ? fields.Number("danger", 0, 1) : null, fields.Has("same") ? fields.Number("same", 0, 1) : null, fields.Number("grids", 0.001, 1, 1));
    }

    private static PlannedCallout Callout(string file, Node node, TimeSpan life)
    {
        var fields = new Fields(file, node, "at", "drill", "kinds", "answered", "within");
        var at = fields.Time("at", TimeSpan.Zero, life);
        var kinds = fields.List("kinds", _kinds.Length, kind => kind is Node.Text { Value: var word } && _kinds.Contains(word) ? word : throw fields.Refuse(kind, $"one of {string.Join(", ", _kinds)}"));
        return new PlannedCallout(at, fields.Truth("drill"), kinds, fields.Number("answered", 0, 1, 0.95), fields.Time("within", _shortest, life - at));
    }

    private static PlannedShift Shift(string file, Node node, TimeSpan life)
    {
        var fields = new Fields(file, node, "at", "share", "for");
        var at = fields.Time("at", TimeSpan.Zero, life);
        return new PlannedShift(at, fields.Number("share", 0.01, 1), fields.Time("for", _shortest, life - at));
    }

    private static PlannedFault Fault(string file, Node node, TimeSpan life)
    {
        var fields = new Fields(file, node, "at", "run");
        var words = fields.Texts("run", MaxWords, LongestWord);
        return words.Count == 0 ? throw fields.Missing("run", $"a list of 1 to {MaxWords} words") : new PlannedFault(fields.Time("at", TimeSpan.Zero, life), words);
    }

    /// <summary>Whoever is off duty cannot go off duty.</summary>
    private static IReadOnlyList<PlannedShift> Apart(Fields fields, IReadOnlyList<PlannedShift> shifts)
    {
        for (var i = 1; i < shifts.Count; i++)
            if (shifts[i].At < shifts[i - 1].At + shifts[i - 1].For) throw fields.Refuse("shifts", "in order of time, each beginning after the one before it has ended");
        return shifts;
    }
}
