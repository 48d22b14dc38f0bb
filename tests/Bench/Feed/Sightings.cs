using System.Diagnostics;

namespace DispatchCenter.Bench.Feed;

/// <summary>When one watcher first saw each change, by the running number of its case.</summary>
internal sealed class Sightings(string name)
{
    private long[] _at = [];

    /// <summary>What kind of watcher it is.</summary>
    public string Name => name;

    /// <summary>Forgets what was seen, and keeps numbers below this from now on.</summary>
    public void Begin(int numbers) => _at = new long[numbers];

    public void Note(int number)
    {
        var at = _at;
        if (number < at.Length && at[number] == 0) at[number] = Stopwatch.GetTimestamp();
    }

    public long? Of(int number) => _at[number] is var at and > 0 ? at : null;
}
