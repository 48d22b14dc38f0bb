namespace DispatchCenter.Simulator;

/// <summary>Checks of one promise and its violations: all are counted, the first few violations are described.</summary>
internal sealed class Faults
{
    public const int MaxExamples = 5;

    private readonly List<string> _examples = [];

    /// <summary>Violations.</summary>
    public int Count { get; private set; }

    /// <summary>How often it was looked whether the promise holds; at 0 the run says nothing about it.</summary>
    public long Checks { get; private set; }

    public IReadOnlyList<string> Examples => _examples;

    public void Check(long times = 1) => Checks += times;

    public void Add(string example)
    {
        Count++;
        if (_examples.Count < MaxExamples) _examples.Add(example);
    }

    public void AddAll(Faults others)
    {
        Count += others.Count;
        Checks += others.Checks;
        _examples.AddRange(others._examples.Take(MaxExamples - _examples.Count));
    }
}
