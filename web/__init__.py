"""The pages for officials."""
