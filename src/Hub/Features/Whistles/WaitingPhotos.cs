using System.Collections.Concurrent;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>
/// The room for photos that no whistle has named yet, and how much of it each address may have: none fills it for the others. Which address sent a photo is known in
/// memory, on this node and until it stops, and never stored; photos of before count as those of one address.
/// </summary>
/// <param name="shared">Whether one address may have at most half of it; off like every limit per address.</param>
internal sealed class WaitingPhotos(bool shared)
{
    /// <summary>Photos that may wait.</summary>
    public const int Most = 2_000;

    /// <summary>Bytes that they may have together.</summary>
    public const long MostBytes = 512L * 1024 * 1024;

    /// <summary>No photo of an address with at most <see cref="FairBytes"/> gives way before this, nor any to another of the same address: time to finish the form that it belongs to.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>Whoever has more gives way to others at once.</summary>
    public const long FairBytes = 64L * 1024 * 1024;

    private readonly ConcurrentDictionary<string, string> _from = new();

    /// <summary>Remembers where a photo came from.</summary>
    public void Came(string id, string from) => _from[id] = from;

    /// <summary>
    /// The photos that give way to a new one: the oldest of the address whose half is full, else of the one that has most. Null if none may go yet: the new one is refused.
    /// </summary>
    /// <param name="waiting">All that wait now.</param>
    public IReadOnlyList<string>? MakeRoom(IReadOnlyCollection<Waiting> waiting, string from, long bytes, DateTimeOffset now)
    {
        var still = waiting.Select(w => w.Id).ToHashSet();
        foreach (var id in _from.Keys.Where(id => !still.Contains(id))) _from.TryRemove(id, out _);
        var (left, gone) = (waiting.OrderBy(w => w.At).ToList(), new List<string>());
        while (FullBy(left, from, bytes) is { } address)
        {
            var holdsMuch = address != from && left.Where(w => FromOf(w) == address).Sum(w => w.Bytes) > FairBytes;
            if (left.Find(w => FromOf(w) == address && (holdsMuch || now - w.At >= Grace)) is not { } oldest) return null;
            left.Remove(oldest);
            gone.Add(oldest.Id);
        }

        return gone;
    }

    /// <summary>Whose photos have to make room; null if there is some.</summary>
    private string? FullBy(List<Waiting> left, string from, long bytes)
    {
        var mine = left.Where(w => FromOf(w) == from).ToList();
        if (shared && (mine.Count >= Most / 2 || mine.Sum(w => w.Bytes) + bytes > MostBytes / 2)) return from;
        return left.Count >= Most || left.Sum(w => w.Bytes) + bytes > MostBytes ? left.GroupBy(FromOf).MaxBy(g => g.Sum(w => w.Bytes + 1))!.Key : null;
    }

    private string FromOf(Waiting photo) => _from.GetValueOrDefault(photo.Id, string.Empty);

    /// <summary>A photo that waits.</summary>
    /// <param name="Bytes">In all its sizes.</param>
    public sealed record Waiting(string Id, DateTimeOffset At, long Bytes);
}
