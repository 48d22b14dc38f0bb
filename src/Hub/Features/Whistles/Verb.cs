using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>A case, a post and a moment: what may this post do now? Each command is tried, so a page never offers what the case would refuse.</summary>
public readonly record struct Chance(WhistleCall Call, Post By, Surroundings World)
{
    public bool Allows(CallCommand command) => Life.Decide(Call, command, World) is Decision.Moved;
}

/// <summary>What the codes in a request are looked up in.</summary>
public readonly record struct Lookups(StreetMap Map, Policy Policy);

/// <summary>A request that has been read: the command for whoever asks, and whether words have to come with it.</summary>
public sealed record Asked(Func<Post, CallCommand> Command, bool NeedsWords = false);

/// <summary>
/// One thing that staff can do to a case. Its row in <see cref="Verbs"/> is the only place where it is spelled: the offers of a page, the
/// endpoint, the right, the hub's method and the scripts' list all come from there.
/// </summary>
public class Verb(string name, Right right)
{
    /// <summary>As in <c>CallDetail.commands</c>.</summary>
    public string Name { get; } = name;

    public Right Right { get; } = right;

    /// <summary>The last part of <c>POST /api/calls/{no}/{path}</c>. Verbs that share a path differ by <see cref="Kind"/>.</summary>
    public string Path { get; init; } = name;

    /// <summary>The member <c>kind</c> of the body, where verbs share a path.</summary>
    public string? Kind { get; init; }

    /// <summary>Whether a phone without network may keep it and send it later. Nobody waits for the answer of such a verb.</summary>
    public bool MayWait { get; init; }

    /// <summary>Its place among the buttons of a case; null for a verb that is folded away under 更多.</summary>
    public int? Button { get; init; }

    /// <summary>The commands to try: one for most verbs, one for each answer that could be meant for others.</summary>
    public required Func<Chance, IEnumerable<CallCommand>> Tries { get; init; }

    /// <summary>The body's type; null where the request is only the case, or where the verb is not given through StaffCommands.GiveAsync.</summary>
    public virtual JsonTypeInfo? BodyType => null;

    /// <summary>Whether <see cref="GiveAsync"/> takes it. What opens another case answers with that one's receipt, by a door of its own.</summary>
    public virtual bool IsGiven => false;

    /// <param name="staff">The door.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="callNo">Of which case.</param>
    /// <param name="body">Of <see cref="BodyType"/>.</param>
    /// <param name="tap">Its key and its age.</param>
    public virtual Task<Answered> GiveAsync(StaffCommands staff, Staff who, string? callNo, object? body, Tap tap) => throw new InvalidOperationException($"{Name} is not given through StaffCommands.GiveAsync.");

    /// <summary>What of it the case would take now.</summary>
    public IEnumerable<CallCommand> Allowed(Chance chance) => Tries(chance).Where(chance.Allows);
}

/// <summary>A verb whose request is only the case.</summary>
public sealed class PlainVerb(string name, Right right, Func<Post, CallCommand> command) : Verb(name, right)
{
    public Func<Post, CallCommand> Command => command;

    public override bool IsGiven => true;

    public override Task<Answered> GiveAsync(StaffCommands staff, Staff who, string? callNo, object? body, Tap tap) => staff.GiveAsync(this, who, callNo, tap);
}

/// <summary>A verb whose request has a body.</summary>
/// <typeparam name="T">The body as CONTRACT names it.</typeparam>
public sealed class Verb<T>(string name, Right right, JsonTypeInfo<T> body) : Verb(name, right)
    where T : class
{
    public JsonTypeInfo<T> Body => body;

    public override JsonTypeInfo BodyType => body;

    public override bool IsGiven => true;

    public override Task<Answered> GiveAsync(StaffCommands staff, Staff who, string? callNo, object? body, Tap tap) => staff.GiveAsync(this, who, callNo, (T)body!, tap);

    /// <summary>Reads the request; the outcome says what is missing or unknown.</summary>
    public required Func<T, Lookups, Outcome<Asked>> Reads { get; init; }

    /// <summary>The words that come with it.</summary>
    public required Func<T, string?> Words { get; init; }

    /// <summary>The kind under which the words are kept.</summary>
    public string WordsKind { get; init; } = "note";

    /// <summary>The photos that come with it.</summary>
    public Func<T, CallPhotos?> Photos { get; init; } = _ => null;
}
