using DispatchCenter.Domain.Duty;

namespace DispatchCenter.Hub.Kernel.Rights;

/// <summary>A signed-in staff member, acting as the post named by the request, by default their own.</summary>
public sealed record Staff(string Id, string UserName, Role Role, Post? Post)
{
    /// <summary>Every post of the account, its own first.</summary>
    public IReadOnlyList<Post> Posts { get; init; } = Post is null ? [] : [Post];

    /// <summary>Whether a second factor is in force for the account.</summary>
    public bool HasSecondFactor { get; init; }

    /// <summary>The same person acting as another of their posts; null if they do not hold it.</summary>
    public Staff? As(string? post) => post is null || Post?.Id.Value == post ? this : Posts.FirstOrDefault(p => p.Id.Value == post) is { } held ? this with { Post = held } : null;
}
