namespace DispatchCenter.Simulator;

/// <summary>Violations of one promise: all are counted, the first few are described.</summary>
internal sealed class Faults
{
    public const int MaxExamples = 5;

    private readonly List<string> _examples = [];

    public int Count { get; private set; }

    public IReadOnlyList<string> Examples => _examples;

    public void Add(string example)
    {
        Count++;
        if (_examples.Count < MaxExamples) _examples.Add(example);
    }

    public void AddAll(Faults others)
    {
        Count += others.Count;
        _examples.AddRange(others._examples.Take(MaxExamples - _examples.Count));
    }
}
