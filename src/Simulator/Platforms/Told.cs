using System.Collections.Concurrent;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>A message as a person got it.</summary>
/// <param name="Name">What makes it one message: the idempotency key; of a push its topic and tag.</param>
/// <param name="CallNo">Empty if it stands for several cases.</param>
internal sealed record Telling(string Channel, Person To, string Name, string CallNo, string Text);

/// <summary>
/// What the platforms have shown to whom. A platform that knows what it has had (an idempotency key, a duplicate check, a tag in whose place it is shown) shows it once:
/// the repeat is counted, and is not another message.
/// </summary>
internal sealed class Told
{
    private readonly ConcurrentDictionary<(string Channel, Person To, string Name), Telling> _all = new();
    private readonly ConcurrentDictionary<string, int> _repeats = new();
    private readonly ConcurrentQueue<string> _wrong = new();

    public IEnumerable<Telling> All => _all.Values;

    /// <summary>Repeats that a platform knew and dropped, by channel.</summary>
    public IReadOnlyDictionary<string, int> Repeats => _repeats;

    /// <summary>What no platform should have got.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>Whether it is shown, and not known already.</summary>
    public bool Show(Telling telling)
    {
        if (_all.TryAdd((telling.Channel, telling.To, telling.Name), telling)) return true;
        Repeat(telling.Channel);
        return false;
    }

    public void Repeat(string channel) => _repeats.AddOrUpdate(channel, 1, (_, before) => before + 1);

    public void SayWrong(string what) => _wrong.Enqueue(what);
}
