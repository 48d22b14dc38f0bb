using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;

namespace DispatchCenter.Hub.Kernel;

/// <summary>The wire names of domain types.</summary>
public static class Names
{
    public static string Camel<T>(T value) where T : struct, Enum => Cache<T>.Names[value];

    public static string Of(CallState state) => state switch
    {
        CallState.Ringing => CallStates.Ringing,
        CallState.Accepted => CallStates.Accepted,
        CallState.OnScene => CallStates.OnScene,
        CallState.Resolved => CallStates.Resolved,
        CallState.Verified => CallStates.Verified,
        CallState.Closed => CallStates.Closed,
        CallState.Withdrawn => CallStates.Withdrawn,
        CallState.HandedUp => CallStates.HandedUp,
        CallState.Merged => CallStates.Merged,
        CallState.Declined => CallStates.Declined,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>Reads an enum by its lower-camel name.</summary>
    public static T? Parse<T>(string? name) where T : struct, Enum
    {
        foreach (var (value, known) in Cache<T>.Names)
            if (known == name) return value;
        return null;
    }

    private static class Cache<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(v => v, v =>
        {
            var name = v.ToString();
            return char.ToLowerInvariant(name[0]) + name[1..];
        });
    }
}
