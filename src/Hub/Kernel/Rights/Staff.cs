using DispatchCenter.Domain.Duty;

namespace DispatchCenter.Hub.Kernel.Rights;

/// <summary>A signed-in member of staff, as the post that a request names, the own one unless told.</summary>
public sealed record Staff(string Id, string UserName, Role Role, Post? Post)
{
    /// <summary>Every post that the account holds, the own one first.</summary>
    public IReadOnlyList<Post> Posts { get; init; } = Post is null ? [] : [Post];

    /// <summary>The same person as another of their posts; null where they do not hold it.</summary>
    public Staff? As(string? post) => post is null || Post?.Id.Value == post ? this : Posts.FirstOrDefault(p => p.Id.Value == post) is { } held ? this with { Post = held } : null;
}
