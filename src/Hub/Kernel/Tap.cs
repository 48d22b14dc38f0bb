namespace DispatchCenter.Hub.Kernel;

/// <summary>What came with a command besides its text: its Idempotency-Key, and how long ago the button was tapped on a phone that was offline.</summary>
public readonly record struct Tap(string? Key, TimeSpan? Ago = null)
{
    /// <summary>A tap younger than this on arrival was not delayed.</summary>
    public static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    /// <summary>A claim of a greater age is not believed.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>The kind of channel it came by, such as sms; null from a page.</summary>
    public string? Via { get; init; }

    public static implicit operator Tap(string? key) => new(key);

    public DateTimeOffset? Before(DateTimeOffset receipt) => Ago is { } ago && ago >= AtOnce && ago <= Longest ? receipt - ago : null;
}
