using System.Collections.Concurrent;

namespace DispatchCenter.Simulator;

/// <summary>Numbers a group's cases in order of first sight, so that each watcher can use plain arrays.</summary>
/// <param name="sampleEvery">Keep the time of first sight only for every nth case, to bound memory.</param>
internal sealed class CaseNumbers(int sampleEvery = 1)
{
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private int _count;

    public int SampleEvery { get; } = sampleEvery;

    public int Of(string callNo)
    {
        if (_numbers.TryGetValue(callNo, out var number)) return number;
        lock (_numbers) return _numbers.GetOrAdd(callNo, _ => _count++);
    }

    /// <summary>Null for a case that nobody in the group has seen.</summary>
    public int? Find(string callNo) => _numbers.TryGetValue(callNo, out var number) ? number : null;

    public string Name(int number) => _numbers.First(n => n.Value == number).Key;
}
