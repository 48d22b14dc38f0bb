using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Hub.Ledger;

/// <summary>What can be asked of the desk.</summary>
public abstract record DeskRequest
{
    private DeskRequest() { }

    /// <summary>A new whistle, checked against street and policy.</summary>
    public sealed record Blow(Category Category, Grid Grid, Station? Station, bool Danger, bool HideFromProperty, bool Drill, Source Source, Post? By, string Description, Caller Caller) : DeskRequest
    {
        /// <summary>The case that this is a child of; who asks may open it there.</summary>
        public CallNo? Parent { get; init; }

        /// <summary>我也遇到: the open case that it goes on in at once.</summary>
        public CallNo? Joins { get; init; }

        public AppliedStandard? Standard { get; init; }

        /// <summary>Ids of photos that wait.</summary>
        public IReadOnlyList<string> Photos { get; init; } = [];
    }

    /// <summary>A command on a case, with the words that go with it.</summary>
    public sealed record Ask(CallNo CallNo, CallCommand Command, CallWords? Words = null) : DeskRequest
    {
        public CallPhotos? Photos { get; init; }

        /// <summary>When a phone without network was tapped, by its own account; it moves no clock.</summary>
        public DateTimeOffset? Claimed { get; init; }
    }
}

/// <summary>The caller as far as they said; kept in an erasable table and nowhere else.</summary>
public sealed record Caller(string? Name, string? Phone, double? Lat, double? Lon, string? Datum)
{
    public static readonly Caller Unknown = new(null, null, null, null, null);
}

/// <summary>Free text; kept in an erasable table and nowhere else.</summary>
public sealed record CallWords(string Kind, string Text);

/// <summary>Photos that wait, by their ids, and what they show: whistle, note, before or after.</summary>
public sealed record CallPhotos(string Kind, IReadOnlyList<string> Ids)
{
    public const string Whistle = "whistle", Before = "before", After = "after";
}

/// <summary>What the desk answers, after the change is on disk.</summary>
public abstract record DeskReply
{
    private DeskReply() { }

    /// <summary>Done, now or before; the case as it is.</summary>
    public sealed record Done(WhistleCall Call, string Tracking) : DeskReply;

    /// <summary>Refused; nothing has changed. The case is there where the asker may see it.</summary>
    public sealed record Refused(Refusal Why, WhistleCall? Call) : DeskReply;

    /// <summary>The key was used for something else.</summary>
    public sealed record KeyReused : DeskReply;

    /// <summary>The queue is full or the storage cannot write: nothing has changed, try again with the same key.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : DeskReply;

    /// <summary>A bug, logged; nothing has changed.</summary>
    public sealed record Failed : DeskReply;
}
